import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult, VerifyResult } from '../../src/checks/result.ts';
import { connect } from '../../src/engine/docker.ts';
import type { Project } from '../../src/life/projects.ts';
import { verifyProject } from '../../src/life/verify.ts';
import { labUnderTest } from './breakers/lab-under-test.ts';
import type { LabUnderTest } from './breakers/types.ts';
import { bringUp, io, oneLab, takeDown } from '../support/one-lab.ts';

const name = oneLab('e2e-matrix');

let project: Project;
let lab: LabUnderTest;

beforeAll(async () => {
  const docker = await connect();
  project = await bringUp(name);
  lab = labUnderTest(docker, project.plan);
});

afterAll(async () => {
  await takeDown(name);
});

const measure = async (): Promise<VerifyResult> =>
  verifyProject(await connect(), project, { only: ['firewalls.*'] }, io);

const failing = ({ checks }: VerifyResult): Pick<CheckResult, 'id' | 'observed'>[] =>
  checks.filter(({ status }) => status === 'failed').map(({ id, observed }) => ({ id, observed }));

const address = (service: string): string => project.plan.services.find((one) => one.name === service)?.address ?? '';

interface Difference {
  what: string;
  firewall: string;
  /** Arguments of iptables. */
  rule(): string[];
  tool?: 'ip6tables';
  check: string;
  observed: RegExp;
}

const differences: Difference[] = [
  {
    what: 'one flow too many, of one service',
    firewall: 'fw-edge',
    rule: () => [
      '-I',
      'FORWARD',
      '-s',
      address('prometheus'),
      '-d',
      address('balancer'),
      '-p',
      'tcp',
      '--dport',
      '443',
      '-j',
      'ACCEPT',
    ],
    check: 'firewalls.denies-from-ops',
    observed: /prometheus to balancer:443: expected filtered, seen open \(fw-edge: rule “-A FORWARD -s .* -j ACCEPT”\)/,
  },
  {
    what: 'a flow that is dropped',
    firewall: 'fw-data',
    rule: () => [
      '-I',
      'FORWARD',
      '-s',
      address('web2'),
      '-d',
      address('db-replica'),
      '-p',
      'tcp',
      '--dport',
      '3306',
      '-j',
      'DROP',
    ],
    check: 'firewalls.allows-flows',
    observed:
      /application-data \(web2 to db-replica:3306\): expected open, seen filtered \(fw-app: rule .* counted [1-9]\d*; fw-data: rule .* counted 0\)/,
  },
  {
    what: 'a port that nothing listens on, open to a zone',
    firewall: 'fw-edge',
    rule: () => ['-I', 'FORWARD', '-i', 'edge', '-o', 'dmz', '-p', 'tcp', '--dport', '22', '-j', 'ACCEPT'],
    check: 'firewalls.denies-from-edge',
    observed: /a stranger in edge to balancer:22: expected filtered, seen closed \(fw-edge: rule /,
  },
  {
    what: 'a hole for UDP',
    firewall: 'fw-edge',
    rule: () => ['-I', 'FORWARD', '-i', 'dmz', '-o', 'ops', '-p', 'udp', '--dport', '53', '-j', 'ACCEPT'],
    check: 'firewalls.denies-from-dmz',
    observed: /balancer to alertmanager:53 \(UDP\): expected filtered, seen closed \(fw-edge: rule /,
  },
  {
    what: 'a way for IPv6 between zones',
    firewall: 'fw-app',
    tool: 'ip6tables',
    rule: () => ['-I', 'FORWARD', '-i', 'core', '-o', 'web', '-p', 'tcp', '--dport', '80', '-j', 'ACCEPT'],
    check: 'firewalls.denies-by-default',
    observed: /fw-app IPv6 FORWARD accepts too much: .*--dport 80/,
  },
];

/** Beside the check that compares rules with rules, which any rule sets off. */
const onTheWire = (found: ReturnType<typeof failing>): ReturnType<typeof failing> =>
  found.filter(({ id }) => id !== 'firewalls.rules-as-written');

describe('the matrix finds each kind of difference, and no other check speaks of it', () => {
  test.each(differences)('$what', async ({ firewall, rule, tool = 'iptables', check, observed }) => {
    const argv = rule();
    expect(await lab.exec(firewall, [tool, ...argv])).toMatchObject({ exitCode: 0 });
    try {
      expect(onTheWire(failing(await measure()))).toEqual([
        { id: check, observed: expect.stringMatching(observed) as string },
      ]);
    } finally {
      await lab.exec(firewall, [tool, '-D', ...argv.slice(1)]);
    }
  });

  test('something that listens and is in no plan is tried too', async () => {
    const rule = ['FORWARD', '-s', address('prometheus'), '-d', address('inbox'), '-j', 'ACCEPT'];
    // Neighbours are no concern of a firewall; from the next zone the same port is.
    const open = [
      'FORWARD',
      '-s',
      address('balancer'),
      '-d',
      address('inbox'),
      '-p',
      'tcp',
      '--dport',
      '25',
      '-j',
      'ACCEPT',
    ];
    await lab.exec('fw-edge', ['iptables', '-I', ...rule]);
    await lab.exec('fw-edge', ['iptables', '-I', ...open]);
    try {
      expect(onTheWire(failing(await measure()))).toEqual([
        {
          id: 'firewalls.denies-from-dmz',
          observed: expect.stringContaining('balancer to inbox:25: expected filtered, seen open') as string,
        },
      ]);
    } finally {
      await lab.exec('fw-edge', ['iptables', '-D', ...rule]);
      await lab.exec('fw-edge', ['iptables', '-D', ...open]);
    }
  });

  test('a service that is stopped is not blamed on the firewalls', async () => {
    const container = await lab.container('web3');
    await container.stop({ t: 1 });
    try {
      expect(failing(await measure()).filter(({ id }) => /allows|denies/.test(id))).toEqual([]);
    } finally {
      await container.start();
    }
  });

  test('nothing is left broken', async () => {
    expect(failing(await measure())).toEqual([]);
  });
});

import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import type { Project } from '../../src/life/projects.ts';
import { measuring } from '../../src/life/verify.ts';
import type { Answer } from '../../src/why/answer.ts';
import { questionOf } from '../../src/why/question.ts';
import { why } from '../../src/why/why.ts';
import { root, until } from '../support/lab.ts';
import { runBeside } from './breakers/helper.ts';
import { labUnderTest } from './breakers/lab-under-test.ts';
import type { LabUnderTest } from './breakers/types.ts';
import { bringUp, io, oneLab, takeDown } from '../support/one-lab.ts';

const name = oneLab('e2e-why');

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

const firewalls = ['fw-edge', 'fw-app', 'fw-data'];

async function ask(from: string, to: string, protocol: 'tcp' | 'udp' = 'tcp'): Promise<Answer> {
  const question = questionOf(project.plan, from, to, protocol);
  return measuring(await connect(), project, io, (context) =>
    why(context, question, (firewall) => `${project.folder.root}/config/${firewall}/rules.v4`),
  );
}

async function sh(service: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.exec(service, ['sh', '-c', script]);
  if (exitCode !== 0) throw new Error(`${script} on ${service}: ${stderr}`);
  return stdout;
}

const address = (service: string): string => project.plan.services.find((one) => one.name === service)?.address ?? '';
const zone = (wanted: string) => project.plan.zones.find((one) => one.name === wanted) ?? expect.unreachable(wanted);

describe('a lab as it was made', () => {
  test('a flow passes each firewall by its own rule, and so does the answer', async () => {
    const answer = await ask('web1', 'db-primary:3306');
    expect(answer).toMatchObject({
      reachable: true,
      state: 'open',
      policy: { flow: 'application-data' },
      route: { via: zone('web').gateway },
    });
    expect(answer.hops.map(({ firewall, direction, outcome }) => `${direction} ${firewall} ${outcome}`)).toEqual([
      'request fw-app forwarded',
      'request fw-data forwarded',
      'answer fw-data forwarded',
      'answer fw-app forwarded',
    ]);
    for (const { decision } of answer.hops.slice(0, 2)) {
      expect(decision).toMatchObject({
        table: 'filter',
        chain: 'FORWARD',
        verdict: 'ACCEPT',
        flow: 'application-data',
      });
      expect(decision?.file).toMatch(/rules\.v4$/);
      expect(decision?.line).toBeGreaterThan(1);
      expect(decision?.counter?.after).toBeGreaterThan(decision?.counter?.before ?? Infinity);
    }
  });

  test.each([
    ['prometheus', 'fw-app:9100', 'fw-app', 'delivered'],
    ['host', 'prometheus:9090', 'fw-edge', 'forwarded'],
    ['edge', 'balancer:443', 'fw-edge', 'forwarded'],
  ])('%s reaches %s', async (from, to, last, outcome) => {
    const answer = await ask(from, to);
    expect(answer).toMatchObject({ reachable: true, state: 'open' });
    const hop = answer.hops.findLast(({ direction }) => direction === 'request');
    expect(hop).toMatchObject({ firewall: last, outcome, decision: { flow: answer.policy.flow } });
  });

  test.each([
    ['edge', 'db-primary:3306', 'fw-edge'],
    ['web1', 'prometheus:9090', 'fw-app'],
    ['fw-app', 'db-primary:3306', 'fw-data'],
  ])('%s is denied %s by %s', async (from, to, firewall) => {
    const answer = await ask(from, to);
    expect(answer).toMatchObject({ reachable: false, state: 'filtered', policy: { allowed: false } });
    expect(answer.hops.at(-1)).toMatchObject({
      firewall,
      outcome: 'dropped',
      via: [{ chain: 'FORWARD' }],
      decision: { chain: 'denied' },
    });
  });

  test('neighbours have no firewall between them, and closed is not filtered', async () => {
    expect(await ask('web1', 'web2:80')).toMatchObject({ reachable: true, firewallBetween: false, hops: [] });
    const closed = await ask('web1', 'web2:22');
    expect(closed).toMatchObject({ reachable: false, state: 'closed' });
    expect(closed.reason).toContain('nothing listens on port 22');
  });

  test('a datagram is dropped as a connection is', async () => {
    expect(await ask('web1', 'db-primary:3306', 'udp')).toMatchObject({
      reachable: false,
      hops: [{ firewall: 'fw-app', outcome: 'dropped' }],
    });
  });
});

interface Change {
  what: string;
  on: string;
  breakIt(): string;
  mend(): string;
  from: string;
  to: string;
  seen: Record<string, unknown>;
  reason: RegExp;
}

const reload = (): string => 'iptables-restore </etc/lab/rules.v4';
const dropHop = (firewall: string, table: string, chain: string): Record<string, unknown> =>
  expect.objectContaining({
    firewall,
    outcome: 'dropped',
    decision: expect.objectContaining({ table, chain }) as unknown,
  }) as never;

const changes: Change[] = [
  {
    what: 'a rule that was inserted by hand opens a port',
    on: 'fw-edge',
    breakIt: () =>
      `iptables -I FORWARD -s ${address('prometheus')} -d ${address('balancer')} -p tcp --dport 443 -j ACCEPT`,
    mend: reload,
    from: 'prometheus',
    to: 'balancer:443',
    seen: {
      reachable: true,
      state: 'open',
      policy: { allowed: false },
      hops: expect.arrayContaining([
        expect.objectContaining({
          decision: expect.objectContaining({ file: null, line: null, verdict: 'ACCEPT' }) as unknown,
        }),
      ]) as unknown,
    },
    reason: /answers/,
  },
  {
    what: 'policy ACCEPT and flushed rules',
    on: 'fw-edge',
    breakIt: () => 'iptables -P FORWARD ACCEPT; iptables -F FORWARD',
    mend: reload,
    from: 'prometheus',
    to: 'balancer:443',
    seen: {
      reachable: true,
      hops: expect.arrayContaining([
        expect.objectContaining({ decision: expect.objectContaining({ rule: null, verdict: 'ACCEPT' }) as unknown }),
      ]) as unknown,
    },
    reason: /answers/,
  },
  {
    what: 'flushed rules with policy DROP',
    on: 'fw-data',
    breakIt: () => 'iptables -F FORWARD',
    mend: reload,
    from: 'web1',
    to: 'db-primary:3306',
    seen: { reachable: false, state: 'filtered' },
    reason: /fw-data dropped it: policy DROP of filter FORWARD/,
  },
  ...['raw PREROUTING', 'mangle PREROUTING', 'mangle FORWARD'].map((where): Change => {
    const [table = '', chain = ''] = where.split(' ');
    return {
      what: `a drop in ${where}`,
      on: 'fw-app',
      breakIt: () => `iptables -t ${table} -I ${chain} -p tcp --dport 3306 -j DROP`,
      mend: () => `iptables -t ${table} -D ${chain} -p tcp --dport 3306 -j DROP`,
      from: 'web1',
      to: 'db-primary:3306',
      seen: { reachable: false, state: 'filtered', hops: [dropHop('fw-app', table, chain)] },
      reason: /fw-app dropped it: rule .* put in by hand/,
    };
  }),
  {
    what: 'a drop in a chain of somebody’s own',
    on: 'fw-app',
    breakIt: () => 'iptables -N mine; iptables -A mine -p tcp --dport 3306 -j DROP; iptables -I FORWARD -j mine',
    mend: () => `iptables -D FORWARD -j mine; iptables -F mine; iptables -X mine`,
    from: 'web1',
    to: 'db-primary:3306',
    seen: { reachable: false, hops: [dropHop('fw-app', 'filter', 'mine')] },
    reason: /fw-app dropped it: rule “-A FORWARD -j mine” of filter, put in by hand/,
  },
  {
    what: 'a firewall that refuses in the target’s name',
    on: 'fw-app',
    breakIt: () => 'iptables -I FORWARD -p tcp --dport 3306 -j REJECT --reject-with tcp-reset',
    mend: reload,
    from: 'web1',
    to: 'db-primary:3306',
    seen: {
      reachable: false,
      state: 'rejected',
      hops: expect.arrayContaining([expect.objectContaining({ firewall: 'fw-app', outcome: 'rejected' })]) as unknown,
    },
    reason: /fw-app rejected it/,
  },
  {
    what: 'answers that are not let back',
    on: 'fw-data',
    breakIt: () => 'iptables -I FORWARD -i data -p tcp --sport 3306 -j DROP',
    mend: reload,
    from: 'web1',
    to: 'db-primary:3306',
    seen: { reachable: false, state: 'filtered' },
    reason: /db-primary answers, but fw-data dropped the answer/,
  },
  {
    what: 'a connection that is sent to another server',
    on: 'fw-app',
    breakIt: () =>
      `iptables -t nat -I PREROUTING -p tcp -d ${address('db-primary')} --dport 3306 -j DNAT --to-destination ${address('db-replica')}:3306`,
    mend: reload,
    from: 'web1',
    to: 'db-primary:3306',
    seen: {
      reachable: false,
      hops: expect.arrayContaining([
        expect.objectContaining({
          firewall: 'fw-app',
          rewritten: expect.objectContaining({ by: expect.objectContaining({ table: 'nat' }) as unknown }) as unknown,
        }),
      ]) as unknown,
    },
    reason: /fw-app sends it to .* instead of db-primary/,
  },
  {
    what: 'a route that is missing',
    on: 'fw-app',
    breakIt: () => `ip route del ${zone('data').subnet}; ip route add blackhole ${zone('data').subnet}`,
    mend: () =>
      `ip route del blackhole ${zone('data').subnet}; ip route add ${zone('data').subnet} via ${address('fw-data')}`,
    from: 'web1',
    to: 'db-primary:3306',
    seen: { reachable: false },
    reason: /fw-app does not pass it on: it has no usable route/,
  },
];

describe('what was changed by hand', () => {
  test.each(changes)('$what', async ({ on, breakIt, mend, from, to, seen, reason }) => {
    await sh(on, breakIt());
    try {
      const answer = await ask(from, to);
      expect(answer).toMatchObject(seen);
      expect(answer.reason).toMatch(reason);
    } finally {
      await sh(on, mend());
    }
    expect((await ask('web1', 'db-primary:3306')).reason).toBe('db-primary:3306 answers');
  });

  test('forwarding switched off', async () => {
    const set = (value: number) =>
      runBeside(lab, 'fw-app', ['sh', '-c', `echo ${value} > /proc/sys/net/ipv4/ip_forward`]);
    await set(0);
    try {
      const answer = await ask('web1', 'db-primary:3306');
      expect(answer).toMatchObject({ reachable: false, hops: [{ firewall: 'fw-app', outcome: 'lost' }] });
      expect(answer.reason).toContain('forwarding is switched off');
    } finally {
      await set(1);
    }
  });

  test('the gateway’s address taken away', async () => {
    const gateway = `${zone('web').gateway}/${zone('web').prefix} dev web`;
    await sh('fw-app', `ip addr del ${gateway}`);
    try {
      // Until its neighbours forget who had the address, they reach it all the same.
      await runBeside(lab, 'web1', ['ip', 'neigh', 'flush', 'all']);
      const answer = await ask('web1', 'db-primary:3306');
      expect(answer).toMatchObject({ reachable: false, hops: [] });
      expect(answer.reason).toContain('fw-app never saw it: it does not have the gateway’s address');
    } finally {
      await sh('fw-app', `ip addr add ${gateway}`);
    }
  });

  test('a source without a route', async () => {
    await runBeside(lab, 'web3', ['ip', 'route', 'del', 'default']);
    try {
      const answer = await ask('web3', 'db-primary:3306');
      expect(answer).toMatchObject({ reachable: false, route: null });
      expect(answer.reason).toContain('it has no route to');
    } finally {
      await runBeside(lab, 'web3', ['ip', 'route', 'add', 'default', 'via', zone('web').gateway]);
    }
  });

  test('a firewall that is stopped', async () => {
    const container = await lab.container('fw-data');
    await container.stop({ t: 1 });
    try {
      const answer = await ask('web1', 'db-primary:3306');
      expect(answer).toMatchObject({ reachable: false, state: 'filtered' });
      expect(answer.reason).toBe('fw-data is not running');
    } finally {
      await container.start();
    }
    await until('fw-data routes again', 20_000, async () => (await ask('web1', 'db-primary:3306')).reachable);
  });

  test('a target that is stopped', async () => {
    const container = await lab.container('web3');
    await container.stop({ t: 1 });
    try {
      const answer = await ask('balancer', 'web3:80');
      expect(answer).toMatchObject({ reachable: false, state: 'filtered' });
      expect(answer.reason).toContain('web3 is not running');
    } finally {
      await container.start();
    }
  });
});

test('nothing is left behind on any firewall', async () => {
  for (const firewall of firewalls) {
    expect(await sh(firewall, 'iptables-save; ls -A /tmp; cat /proc/[0-9]*/comm 2>/dev/null || true')).not.toMatch(
      /TRACE|lab-why|xtables-monito/,
    );
  }
});

test('a run that is killed while it watches leaves nothing behind for long', async () => {
  const begin = () =>
    execa(join(root, 'lab'), ['why', 'edge', 'db-primary:3306', '--project', name], { reject: false });
  let begun = begin();
  // It is on for less than two seconds.
  await until('the trace is on', 20_000, async () => {
    if (begun.exitCode !== null) begun = begin();
    return (await sh('fw-edge', 'iptables-save -t raw')).includes('TRACE');
  });
  // The launcher is replaced by Node, so this is the one that watches.
  begun.kill('SIGKILL');
  await begun;
  await until(
    'the trace is off',
    30_000,
    async () => !/TRACE|lab-why/.test(await sh('fw-edge', 'iptables-save -t raw; ls -A /tmp')),
  );
});

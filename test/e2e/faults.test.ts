import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerifyResult } from '../../src/checks/result.ts';
import { connect } from '../../src/engine/docker.ts';
import { composeLabel, projectContainers } from '../../src/engine/containers.ts';
import { LabCommand, until } from '../support/lab.ts';
import { runIn } from '../support/run-in.ts';

const project = `e2e-faults-${process.pid}`;

let docker: Docker;
let lab: LabCommand;

const container = async (service: string): Promise<Docker.Container> => {
  const found = (await projectContainers(docker, project)).find(
    ({ Labels }) => Labels[composeLabel.service] === service,
  );
  if (found === undefined) throw new Error(`${service} has no container`);
  return docker.getContainer(found.Id);
};
const sh = async (service: string, script: string): Promise<string> => {
  const { exitCode, stdout, stderr } = await runIn(await container(service), ['bash', '-c', script], {
    timeoutMs: 30_000,
  });
  if (exitCode !== 0) throw new Error(`${script} on ${service}: ${stderr}`);
  return stdout.trim();
};
const rulesOf = (firewall: string): Promise<string> => sh(firewall, "iptables-save | sed '/^#/d; s/\\[[0-9:]*\\]//'");
const run = (...args: string[]) => lab.run(...args, '--project', project, '--quiet');

interface Fixed {
  fixed: { fault: string; mended: { touches: string; found: string; difference: string[] }[] }[];
}
const fix = async (): Promise<Fixed['fixed']> => (await lab.json<Fixed>('fix', '--project', project, '--quiet')).fixed;
/** What failed among these checks, with its evidence. */
const failing = async (...only: string[]): Promise<Record<string, string>> => {
  const flags = only.flatMap((id) => ['--only', id]);
  const { checks } = await lab.json<VerifyResult>('verify', '--project', project, '--quiet', ...flags);
  return Object.fromEntries(
    checks.filter(({ status }) => status === 'failed').map(({ id, observed }) => [id, observed]),
  );
};
const faultsFile = (): string => join(lab.home, project, 'faults.json');

beforeAll(async () => {
  [docker, lab] = [await connect(), await LabCommand.create()];
  const { exitCode, stderr } = await lab.run('up', '--project', project, '--no-verify', '--yes');
  if (exitCode !== 0) throw new Error(stderr);
});
afterAll(() => lab.run('down', '--project', project, '--all'));

describe('a fault', () => {
  test('that is unknown is refused, with the nearest name', async () => {
    const { exitCode, stderr } = await run('break', 'server-nginx-stoped');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('server-nginx-stopped');
  });

  test('is put back exactly, whatever was done by hand meanwhile, and what was done is told', async () => {
    const before = await rulesOf('fw-edge');
    expect((await run('break', 'firewall-flow-too-many')).exitCode).toBe(0);
    await sh(
      'fw-edge',
      'iptables -I FORWARD 3 -s 203.0.113.9/32 -j DROP; iptables -t raw -A PREROUTING -s 203.0.113.9/32 -j DROP',
    );
    const [{ fault, mended } = { fault: '', mended: [] }] = await fix();
    expect(fault).toBe('firewall-flow-too-many');
    expect(mended).toMatchObject([{ touches: 'fw-edge/rules', found: 'changed' }]);
    expect(mended[0]?.difference).toContain('+-A FORWARD -s 203.0.113.9/32 -j DROP');
    expect((await rulesOf('fw-edge')).replace(/\*raw[^*]*COMMIT\n?/, '')).toBe(before);
  });

  test('that the person has repaired is recognised', async () => {
    await run('break', 'server-nginx-stopped');
    await sh('web3', 's6-svc -wu -T 5000 -u /run/service/nginx');
    expect(await fix()).toMatchObject([{ mended: [{ found: 'repaired' }] }]);
  });

  test('goes together with others, unless both touch the same thing', async () => {
    expect((await run('break', 'firewall-default-accept')).exitCode).toBe(0);
    expect((await run('break', 'server-disk-full')).exitCode).toBe(0);
    expect(await run('break', 'server-disk-full')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('FAULT_ACTIVE') as string,
    });
    expect(await run('break', 'firewall-ipv6-open')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('both touch fw-data/rules') as string,
    });
    expect((await fix()).map(({ fault }) => fault)).toEqual(['server-disk-full', 'firewall-default-accept']);
    expect(existsSync(faultsFile())).toBe(false);
  });

  test('is put back after a restart of what it broke', async () => {
    await run('break', 'database-replica-writable');
    await (await container('db-replica')).restart();
    await until(
      'db-replica is healthy',
      30_000,
      async () => (await (await container('db-replica')).inspect()).State.Health?.Status === 'healthy',
    );
    expect(await fix()).toMatchObject([{ mended: [{ found: 'repaired' }] }]);
    expect(await sh('db-replica', 'mysql -N -e "SELECT @@super_read_only"')).toBe('1');
  });

  test('is put back after its container was deleted', async () => {
    await run('break', 'server-disk-full');
    await (await container('web3')).remove({ force: true });
    expect(await fix()).toMatchObject([{ mended: [{ found: 'gone' }] }]);
    expect((await (await container('web3')).inspect()).State.Health?.Status).toBe('healthy');
  });
});

describe('a drill', () => {
  test('of a lab that is broken already is refused, with what is wrong', async () => {
    await run('break', 'server-disk-full');
    expect(await run('drill', 'database-tls-optional')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('FAULT_ACTIVE') as string,
    });
    await fix();
    await sh('web3', 's6-svc -wD -T 5000 -d /run/service/nginx');
    try {
      expect(await run('drill', 'database-tls-optional')).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('LAB_UNHEALTHY') as string,
      });
    } finally {
      await sh('web3', 's6-svc -wu -T 5000 -u /run/service/nginx');
    }
  });

  test('that is killed leaves what it broke to the next command, which offers to put it back', async () => {
    const drill = lab.start('drill', 'database-tls-optional', '--project', project);
    await until('the drill has broken something', 60_000, () => Promise.resolve(existsSync(faultsFile())));
    drill.kill('SIGKILL');
    await drill;
    expect(await run('break', 'server-disk-full')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('database-tls-optional') as string,
    });
    const { stderr } = await lab.run('verify', '--only', 'database.requires-tls', '--project', project, '--plain');
    expect(stderr).toContain('a drill was interrupted and has left database-tls-optional');
    expect((await run('break', 'server-disk-full', '--yes')).exitCode).toBe(0);
    expect((await fix()).map(({ fault }) => fault)).toEqual(['server-disk-full']);
  });

  test('that is interrupted takes out what it has put in', async () => {
    const drill = lab.start('drill', 'database-tls-optional', '--project', project);
    await until('the drill has broken something', 60_000, () => Promise.resolve(existsSync(faultsFile())));
    drill.kill('SIGINT');
    expect((await drill).exitCode).toBe(130);
    expect(existsSync(faultsFile())).toBe(false);
  });
});

describe('practice', () => {
  test('breaks something, keeps it to itself, gives hints, and ends with what it was', async () => {
    const told = await lab.json<{ visitor: string; hintsLeft: number }>(
      'practice',
      '--seed',
      '3',
      '--difficulty',
      '1',
      '--project',
      project,
      '--quiet',
    );
    expect(told.hintsLeft).toBe(3);
    const { fault } = JSON.parse(await readFile(join(lab.home, project, 'practice.json'), 'utf8')) as { fault: string };
    expect(JSON.stringify(told)).not.toContain(fault);
    expect((await run('practice', 'hint')).stdout).toMatch(/Hint 1 of 3/);
    expect(await lab.json('practice', '--project', project, '--quiet')).toMatchObject({ hintsLeft: 2 });
    expect((await run('practice', 'check')).exitCode).toBe(1);
    expect((await run('practice', 'end')).stdout).toContain(fault);
    expect(existsSync(faultsFile())).toBe(false);
  });
});

describe('what is in no list and done by hand is caught, and its check says what it was', () => {
  test('a rule inserted with iptables', async () => {
    await sh('fw-app', 'iptables -I FORWARD -s 203.0.113.9/32 -p tcp --dport 22 -j ACCEPT');
    try {
      expect((await failing('firewalls.rules-as-written'))['firewalls.rules-as-written']).toMatch(
        /fw-app: not written: .*203\.0\.113\.9\/32 .*--dport 22 -j ACCEPT/,
      );
    } finally {
      await sh('fw-app', 'iptables -D FORWARD -s 203.0.113.9/32 -p tcp --dport 22 -j ACCEPT');
    }
  });

  test('a replica made writable with SQL', async () => {
    await sh('db-replica', 'mysql -e "SET GLOBAL super_read_only = OFF"');
    try {
      expect((await failing('database.replica-refuses-writes'))['database.replica-refuses-writes']).toContain(
        'super_read_only OFF',
      );
    } finally {
      await sh('db-replica', 'mysql -e "SET GLOBAL super_read_only = ON"');
    }
  });

  test('a file edited in a server', async () => {
    const path = join(lab.home, project, 'config', 'web2', 'nginx.conf');
    const text = await readFile(path, 'utf8');
    await writeFile(path, `${text}# by hand\n`);
    try {
      expect((await failing('hardening.configuration-intact'))['hardening.configuration-intact']).toBe(
        'web2: nginx.conf was changed',
      );
    } finally {
      await writeFile(path, text);
    }
  });

  test('a certificate replaced', async () => {
    const path = join(lab.home, project, 'secrets', 'balancer', 'site.pem');
    const text = await readFile(path, 'utf8');
    const other = await readFile(join(lab.home, project, 'secrets', 'db-primary', 'server.crt'), 'utf8');
    const key = await readFile(join(lab.home, project, 'secrets', 'db-primary', 'server.key'), 'utf8');
    await writeFile(path, other + key);
    await sh('balancer', 's6-svc -wr -T 5000 -r /run/service/haproxy');
    try {
      expect((await failing('tls.*'))['tls.names']).toMatch(/not for www\.foobar\.com/);
    } finally {
      await writeFile(path, text);
      await sh('balancer', 's6-svc -wr -T 5000 -r /run/service/haproxy');
    }
  });

  test('a scrape target removed', async () => {
    const path = join(lab.home, project, 'config', 'prometheus', 'prometheus.yml');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(/^ +- targets: \["web2:9113"\]\n.*\n/m, ''));
    const prometheus = await container('prometheus');
    await prometheus.kill({ signal: 'SIGHUP' });
    try {
      await until(
        'Prometheus lets go of it',
        15_000,
        async () => 'monitoring.targets-up' in (await failing('monitoring.targets-up')),
      );
      expect((await failing('monitoring.targets-up'))['monitoring.targets-up']).toContain('nginx web2 is not asked');
    } finally {
      await writeFile(path, text);
      await prometheus.kill({ signal: 'SIGHUP' });
    }
  });
});

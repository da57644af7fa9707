import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { inspectProject } from '../../src/engine/containers.ts';
import type { VerifyResult } from '../../src/checks/result.ts';
import { LabCommand, traces, until } from '../support/lab.ts';

const one = `e2e-one-${process.pid}`;
const two = `e2e-two-${process.pid}`;
let docker: Docker;
let lab: LabCommand;

interface UpDocument {
  changed: boolean;
  verification: VerifyResult | null;
  authority: string;
}

const started = async (project: string): Promise<Record<string, string>> =>
  Object.fromEntries(
    [...(await inspectProject(docker, project))].map(([service, facts]) => [
      service,
      `${facts.Id} ${facts.State.StartedAt}`,
    ]),
  );

const page = (
  project: UpDocument,
  status: { endpoints: { name: string; url: string }[] },
  path = '/',
): Promise<{ stdout: string }> => {
  const url = new URL(path, status.endpoints.find(({ name }) => name === 'https')?.url);
  return execa('curl', [
    '-sS',
    '--fail',
    '--max-time',
    '10',
    '--cacert',
    project.authority,
    '--resolve',
    `${url.hostname}:${url.port}:127.0.0.1`,
    url.href,
  ]);
};

beforeAll(async () => {
  docker = await connect();
  lab = await LabCommand.create();
});
afterAll(async () => {
  for (const project of [one, two]) await lab.run('down', '--all', '--project', project);
});

describe('the life of a lab', () => {
  let first: UpDocument;

  test('`lab up` ends with every check passed', async () => {
    first = await lab.json<UpDocument>('up', '--yes', '--project', one);
    const wrong =
      first.verification?.checks.filter(({ status, id }) => status !== 'passed' && !id.includes('grafana')) ?? [];
    expect(wrong.map(({ id, observed }) => `${id}: ${observed}`)).toEqual([]);
    expect(first.verification?.summary.passed).toBeGreaterThanOrEqual(45);
  });

  test('curl with the lab’s CA gets the page from three different servers', async () => {
    const status = await lab.status(one);
    const answers = await Promise.all(Array.from({ length: 9 }, () => page(first, status, '/api/whoami')));
    const servers = answers.map(({ stdout }) => (JSON.parse(stdout) as { server: string }).server);
    expect([...new Set(servers)].sort()).toEqual(['web1', 'web2', 'web3']);
  });

  test('what services wrote can be piped: nothing in it moves a cursor', async () => {
    const { stdout, exitCode } = await lab.run('logs', 'fw-edge', '--tail', '3', '--project', one);
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toHaveLength(3);
    expect(stdout).not.toContain('\u001b');
  });

  test('a second `lab up` changes nothing and says so', async () => {
    const before = await started(one);
    const again = await lab.run('up', '--project', one);
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toMatch(/nothing/i);
    expect((await lab.json<UpDocument>('up', '--project', one)).changed).toBe(false);
    expect(await started(one)).toEqual(before);
  });

  test('two labs run side by side, with subnets and ports of their own', async () => {
    const second = await lab.json<UpDocument>('up', '--yes', '--project', two);
    expect(
      second.verification?.checks
        .filter(({ status }) => status === 'failed')
        .map(({ id, observed }) => `${id}: ${observed}`),
    ).toEqual([]);
    const [a, b] = await Promise.all([lab.status(one), lab.status(two)]);
    const urls = [...a.endpoints, ...b.endpoints].map(({ url }) => url);
    expect(new Set(urls).size).toBe(urls.length);
    const addresses = [...a.services, ...b.services].map(({ address }) => address);
    expect(new Set(addresses).size).toBe(addresses.length);
    expect(await lab.unverified(one)).toEqual([]);
    const down = await lab.run('down', '--all', '--project', two);
    expect(down.exitCode).toBe(0);
    expect(await traces(docker, two)).toEqual([]);
  });

  test.each(['fw-edge', 'fw-app', 'fw-data'])('%s, killed and started, leaves a working lab', async (firewall) => {
    const facts = (await inspectProject(docker, one)).get(firewall);
    const container = docker.getContainer(facts?.Id ?? '');
    await container.kill();
    await until(`${firewall} has stopped`, 10_000, async () => !(await container.inspect()).State.Running);
    await container.start();
    await until(
      `${firewall} is healthy`,
      20_000,
      async () => (await container.inspect()).State.Health?.Status === 'healthy',
    );
    expect(await lab.unverified(one, '--only', '{firewalls,balancing,servers}.*')).toEqual([]);
  });

  test('a stopped web server is seen, costs no request, and `lab up` starts it again', async () => {
    const facts = (await inspectProject(docker, one)).get('web2');
    await docker.getContainer(facts?.Id ?? '').stop();
    const status = await lab.status(one);
    expect(status.state).toBe('degraded');
    for (let request = 0; request < 12; request++) await page(first, status);
    expect((await lab.json<UpDocument>('up', '--project', one)).changed).toBe(true);
    expect((await lab.status(one)).state).toBe('up');
  });

  test('data and keys survive `lab down` and `lab up`', async () => {
    const ca = await readFile(first.authority, 'utf8');
    const status = await lab.status(one);
    const url = new URL('/api/messages', status.endpoints.find(({ name }) => name === 'https')?.url);
    const text = `kept ${process.pid}`;
    const curl = ['-sS', '--fail', '--cacert', first.authority, '--resolve', `${url.hostname}:${url.port}:127.0.0.1`];
    await execa('curl', [
      ...curl,
      '-H',
      'content-type: application/json',
      '-d',
      JSON.stringify({ body: text }),
      url.href,
    ]);
    expect((await lab.run('down', '--project', one)).exitCode).toBe(0);
    expect((await lab.status(one)).state).toBe('down');
    expect((await lab.run('up', '--yes', '--project', one)).exitCode).toBe(0);
    expect(await readFile(first.authority, 'utf8')).toBe(ca);
    await until('the row is read from the replica', 10_000, async () =>
      (await execa('curl', [...curl, url.href])).stdout.includes(text),
    );
  });

  test('`lab verify` says what fails, with exit code 1, and passes again once it is mended', async () => {
    const facts = (await inspectProject(docker, one)).get('prober');
    const container = docker.getContainer(facts?.Id ?? '');
    await container.stop();
    const run = await lab.run('verify', '--project', one, '--only', 'monitoring.*');
    expect(run.exitCode).toBe(1);
    await container.start();
    await until(
      'every check of monitoring passes',
      30_000,
      async () => (await lab.run('verify', '--project', one, '--only', 'monitoring.*')).exitCode === 0,
    );
  });

  test('`lab down --all` leaves nothing', async () => {
    expect((await lab.run('down', '--all', '--project', one)).exitCode).toBe(0);
    expect(await traces(docker, one)).toEqual([]);
    expect(existsSync(join(lab.home, one))).toBe(false);
    expect((await readdir(lab.home)).filter((name) => !name.startsWith('.'))).toEqual([]);
  });
});

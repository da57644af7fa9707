import { afterAll, beforeAll, expect, test } from 'vitest';
import type Docker from 'dockerode';
import { connect } from '../../src/engine/docker.ts';
import type { TrafficSummary } from '../../src/traffic/tally.ts';
import { freeze, root, until } from '../support/lab.ts';
import type { Project } from '../../src/life/projects.ts';
import { startTraffic } from '../../src/traffic/traffic.ts';
import { execa } from 'execa';
import { join } from 'node:path';
import { labUnderTest } from './breakers/lab-under-test.ts';
import { bringUp, oneLab, takeDown } from '../support/one-lab.ts';

const name = oneLab('e2e-traffic');

let docker: Docker;
let project: Project;

beforeAll(async () => {
  docker = await connect();
  project = await bringUp(name);
});

afterAll(async () => {
  await takeDown(name);
});

const probes = async (): Promise<number> =>
  (await docker.listContainers({ all: true, filters: { label: [`lab.probe=${name}`] } })).length;
const written = (): Promise<string> =>
  labUnderTest(docker, project.plan).sql(
    'db-primary',
    "SELECT COUNT(*) FROM foobar.messages WHERE body = 'lab traffic'",
  );
const lab = (...args: string[]) => execa(join(root, 'lab'), ['traffic', '--project', name, ...args], { reject: false });

test('visitors of a healthy lab see no errors, at the rate that was asked for, and leave nothing', async () => {
  const { exitCode, stdout } = await lab('--for', '10s', '--rate', '20', '--json');
  const summary = JSON.parse(stdout) as TrafficSummary;
  expect(summary).toMatchObject({ errors: 0, errorsByStatus: {} });
  expect(summary.requests).toBeGreaterThanOrEqual(140);
  expect(summary.requests).toBeLessThanOrEqual(260);
  expect(exitCode).toBe(0);
  await until('the container is gone', 10_000, async () => (await probes()) === 0);
  expect(await written()).toBe('0');
});

test('visitors feel a fault, and Ctrl-C ends with what they saw', async () => {
  const balancer = docker.getContainer(
    (
      await docker.listContainers({
        filters: { label: [`com.docker.compose.project=${name}`, 'com.docker.compose.service=balancer'] },
      })
    )[0]?.Id ?? '',
  );
  const running = lab('--json');
  let shown = '';
  running.stderr.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await until('visitors come', 30_000, () => Promise.resolve(shown.includes(' 0 errors')));
  await freeze(balancer);
  try {
    // What was asked while nobody answers is told once all of it is given up: six requests, of five seconds each.
    await until('errors are shown', 60_000, () => Promise.resolve(/ [1-9]\d* errors?/.test(shown)));
  } finally {
    await balancer.unpause();
  }
  running.kill('SIGINT');
  const { exitCode, stdout } = await running;
  expect(exitCode).toBe(1);
  expect((JSON.parse(stdout) as TrafficSummary).errorsByStatus).toHaveProperty('none');
  await until('the container is gone', 10_000, async () => (await probes()) === 0);
});

test('a run that is killed leaves no container, and its messages go with the next', async () => {
  const running = lab('--rate', '50');
  let shown = '';
  running.stderr.on('data', (chunk: Buffer) => (shown += chunk.toString()));
  await until('visitors come', 30_000, () => Promise.resolve(shown.includes('requests')));
  running.kill('SIGKILL');
  await running;
  await until('the container is gone', 20_000, async () => (await probes()) === 0);
  const traffic = await startTraffic(docker, project.plan, { rate: 5 });
  await until('visitors come', 30_000, () => Promise.resolve(traffic.summary().requests > 0));
  expect((await traffic.stop()).errors).toBe(0);
  expect(await written()).toBe('0');
});

test('a rate that the edge would take for a flood is wrong input', async () => {
  expect(await lab('--rate', '100000')).toMatchObject({ exitCode: 2 });
  expect(await lab('--rate', '0')).toMatchObject({ exitCode: 2 });
  expect(await lab('--for', 'soon')).toMatchObject({ exitCode: 2 });
});

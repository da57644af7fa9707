import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { imageFor } from '../support/images.ts';
import { eventually, Hardened, scratch } from './hardened.ts';

let remove: () => Promise<void>;
let server: StartedTestContainer;

beforeAll(async () => {
  const { folder, remove: removeFolder } = await scratch();
  remove = removeFolder;
  server = await new Hardened(await imageFor('base'), 10099, folder).withExposedPorts(9100).start();
});

afterAll(async () => {
  await server?.stop();
  await remove?.();
});

function metrics(): Promise<string> {
  return fetch(`http://${server.getHost()}:${server.getMappedPort(9100)}/metrics`).then((response) => response.text());
}

async function exporter(): Promise<string> {
  const { output } = await server.exec(['s6-svstat', '-o', 'up,pid', '/run/service/node-exporter']);
  return output.trim();
}

test.each([
  'node_cpu_seconds_total',
  'node_memory_MemAvailable_bytes',
  'node_load1',
  'node_network_receive_bytes_total',
])('the monitoring client tells %s', async (name) => {
  expect(await metrics()).toMatch(new RegExp(`^${name}`, 'm'));
});

test('the monitoring client passes on what others leave for it', async () => {
  await server.exec(['sh', '-c', 'echo "lab_example 7" > /run/textfile/example.prom']);
  expect(await metrics()).toContain('lab_example 7');
});

test('a process that dies is started again', async () => {
  const before = await exporter();
  expect(before).toMatch(/^true [0-9]+$/);
  await server.exec(['sh', '-c', `kill -9 ${before.split(' ')[1]}`]);
  await eventually(async () => /^true [0-9]+$/.test(await exporter()) && (await exporter()) !== before);
  await eventually(async () => (await server.exec(['healthy'])).exitCode === 0);
});

test('http-ok fails where nothing listens, and where the answer is not 200', async () => {
  expect((await server.exec(['http-ok', '9100', '/'])).exitCode).toBe(0);
  expect((await server.exec(['http-ok', '9100', '/nothing'])).exitCode).not.toBe(0);
  expect((await server.exec(['http-ok', '9', '/'])).exitCode).not.toBe(0);
});

test('everything stops within two seconds of SIGTERM', async () => {
  const container = (await connect()).getContainer(server.getId());
  const started = Date.now();
  await container.stop({ t: 10 });
  const { State: state } = await container.inspect();
  expect(Date.parse(state.FinishedAt) - started).toBeLessThan(2000);
  expect(state.ExitCode).toBe(0);
});

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { build } from 'esbuild';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { client } from '../../src/engine/docker.ts';
import { probeLabel } from '../../src/probe/probe-container.ts';
import { removeContainer } from '../../src/probe/remove-container.ts';
import { sweep } from '../../src/probe/sweep.ts';
import { Vantages } from '../../src/probe/vantages.ts';
import { imageFor } from '../support/images.ts';

const docker = client();
const project = `probetest${randomBytes(3).toString('hex')}`;
const octet = 64 + ((randomBytes(1)[0] ?? 0) % 64);
const subnet = `10.98.${octet}`;
const other = `10.99.${octet}`;
const zones = [
  { name: 'web', network: `${project}_web`, subnet: `${subnet}.0/24`, gateway: `${subnet}.2` },
  { name: 'ops', network: `${project}_ops`, subnet: `${other}.0/24`, gateway: `${other}.2` },
];
let image: string;
const networks: Docker.Network[] = [];
let target: Docker.Container;
let vantages: Vantages;
const address = `${subnet}.10`;

// What is listened on in the target: plain TCP, HTTP, and TLS 1.2 and newer.
const listener = `
  openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=target -addext subjectAltName=DNS:target -keyout /tmp/k -out /tmp/c 2>/dev/null
  openssl s_server -quiet -accept 8443 -key /tmp/k -cert /tmp/c -www >/dev/null 2>&1 &
  ncat -lk 8000 >/dev/null &
  ncat -lk 127.0.0.1 8001 >/dev/null &
  wait`;

beforeAll(async () => {
  image = await imageFor('probe');
  for (const [name, base] of [
    [`${project}_web`, subnet],
    [`${project}_ops`, other],
  ] as const) {
    const range = { Subnet: `${base}.0/24`, Gateway: `${base}.1`, IPRange: `${base}.128/25` };
    networks.push(
      await docker.createNetwork({ Name: name, Driver: 'bridge', IPAM: { Driver: 'default', Config: [range] } }),
    );
  }
  target = await docker.createContainer({
    Image: image,
    Entrypoint: ['bash', '-c', listener],
    HostConfig: { NetworkMode: `${project}_web`, AutoRemove: true, Tmpfs: { '/tmp': 'mode=1777' } },
    NetworkingConfig: { EndpointsConfig: { [`${project}_web`]: { IPAMConfig: { IPv4Address: address } } } },
  });
  await target.start();
  vantages = new Vantages({ docker, project, image, zones, containerOf: async () => target.id });
  const listening = async (): Promise<void> => {
    const { state } = await vantages.from({ service: 'target' }).tcp({ address, port: 8443 });
    expect(state).toBe('open');
  };
  await vi.waitFor(listening, { timeout: 20_000 });
});

afterAll(async () => {
  await vantages?.close();
  if (target) await removeContainer(target);
  await sweep(docker, project, { all: true });
  await Promise.all(networks.map((network) => network.remove()));
});

const probes = async (): Promise<number> =>
  (await docker.listContainers({ all: true, filters: { label: [`${probeLabel.project}=${project}`] } })).length;

test('a stranger has an interface and an address of the probe range in each zone', async () => {
  const { addresses } = await vantages.from({ zone: 'web' }).interfaces();
  for (const { name } of zones) {
    const own = addresses.find((one) => one.interface === name && one.family === 'IPv4')?.address ?? '';
    expect(own).toBe(await vantages.addressIn(name));
    expect(Number(own.split('.')[3])).toBeGreaterThanOrEqual(128);
  }
});

test('what has a zone’s source address leaves through that zone’s router, and what has none goes nowhere', async () => {
  const way = async (...argv: string[]): Promise<string> => {
    const { stdout, stderr } = await vantages.from({ zone: 'ops' }).command(['ip', 'route', 'get', ...argv]);
    return `${stdout}${stderr}`;
  };
  // Docker would have chosen the host, at .1, and the shortest way between its networks.
  expect(await way('198.51.100.1', 'from', await vantages.addressIn('web'))).toMatch(`via ${subnet}.2 dev web`);
  expect(await way('198.51.100.1', 'from', await vantages.addressIn('ops'))).toMatch(`via ${other}.2 dev ops`);
  expect(await way(address, 'from', await vantages.addressIn('ops'))).toMatch(`via ${other}.2 dev ops`);
  expect(await way(address, 'from', await vantages.addressIn('web'))).toMatch(/dev web/);
  expect(await way(address)).toMatch(/unreachable/);
});

test('a stranger speaks from its address in the zone that was asked for', async () => {
  const [near, far] = await Promise.all(
    ['web', 'ops'].map((zone) => vantages.from({ zone }).tcp({ address, port: 8000, timeoutMs: 400 })),
  );
  expect(near).toMatchObject({ state: 'open' });
  expect(far).toMatchObject({ state: 'filtered' });
});

test('beside a service, the source address is the service’s, and its loopback is in reach', async () => {
  const beside = vantages.from({ service: 'target' });
  const { addresses } = await beside.interfaces();
  expect(addresses.map((one) => one.address)).toContain(address);
  expect(await beside.tcp({ address: '127.0.0.1', port: 8001 })).toMatchObject({ state: 'open' });
  expect(await vantages.from({ zone: 'web' }).tcp({ address, port: 8001 })).toMatchObject({ state: 'closed' });
});

test('open, closed, filtered by silence, and no way at all', async () => {
  const stranger = vantages.from({ zone: 'web' });
  const [open, closed, silent] = await stranger.tcpMany([
    { address, port: 8000 },
    { address, port: 81 },
    { address: `${subnet}.99`, port: 80, timeoutMs: 300 },
  ]);
  expect(open).toMatchObject({ state: 'open' });
  expect(closed).toMatchObject({ state: 'closed', errno: 'ECONNREFUSED' });
  expect(silent).toMatchObject({ state: 'filtered' });
  expect(await stranger.tcp({ address: '198.51.100.1', port: 80, localAddress: '0.0.0.0' })).toMatchObject({
    state: 'unroutable',
    errno: 'ENETUNREACH',
  });
  expect(await stranger.udp({ address, port: 9 })).toMatchObject({ state: 'closed' });
});

test('TLS and HTTP are measured by the Node.js of the image as by ours', async () => {
  const stranger = vantages.from({ zone: 'web' });
  expect(await stranger.tls({ address, port: 8443, servername: 'target' })).toMatchObject({
    ok: true,
    protocol: 'TLSv1.3',
    authorized: false,
    certificate: { subject: 'CN=target', names: ['DNS:target'] },
  });
  const old = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } as const;
  expect(await stranger.tls({ address, port: 8443, ...old })).toMatchObject({ ok: false, stage: 'handshake' });
  expect(await stranger.http({ address, port: 8443, tls: { verify: false } })).toMatchObject({ status: 200 });
});

test('the image can offer TLS 1.0 and 1.1, and sees them where they are spoken', async () => {
  const stranger = vantages.from({ zone: 'web' });
  const server =
    'openssl s_server -quiet -accept 8444 -tls1_1 -cipher ALL:@SECLEVEL=0 -key /tmp/k -cert /tmp/c -www >/dev/null 2>&1';
  const made = await target.exec({ Cmd: ['bash', '-c', server] });
  await made.start({ Detach: true });
  await expect.poll(() => stranger.tcp({ address, port: 8444 }), { timeout: 10_000 }).toMatchObject({ state: 'open' });
  const offer = { minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1' } as const;
  expect(await stranger.tls({ address, port: 8444, ...offer })).toMatchObject({ ok: true, protocol: 'TLSv1.1' });
});

test('SQL: nobody there is the outcome of each statement', async () => {
  const [outcome] = await vantages
    .from({ service: 'target' })
    .sql({ host: '127.0.0.1', user: 'app', tls: false, statements: ['SELECT 1'] });
  expect(outcome).toMatchObject({ ok: false, error: { code: 'ECONNREFUSED', atConnect: true } });
});

test('only tools of the image are run, and an endless one is killed', async () => {
  const stranger = vantages.from({ zone: 'web' });
  await expect(stranger.command(['sh' as 'ip'])).rejects.toThrow('not one of the probe');
  expect(await stranger.command(['openssl', 'base64'], { stdin: 'abc' })).toMatchObject({
    exitCode: 0,
    stdout: 'YWJj\n',
  });
  expect(await stranger.command(['ncat', '-l', '9999'], { timeoutMs: 100 })).toMatchObject({ timedOut: true });
});

test('an agent that died is replaced, and one that cannot be opened says where', async () => {
  const stranger = vantages.from({ zone: 'web' });
  await stranger.interfaces();
  const before = await probes();
  const mine = await docker.listContainers({ filters: { label: [`${probeLabel.project}=${project}`] } });
  await Promise.all(
    mine.map((one) =>
      docker
        .getContainer(one.Id)
        .kill()
        .catch(() => undefined),
    ),
  );
  await expect
    .poll(() =>
      stranger.tcp({ address, port: 8000 }).then(
        ({ state }) => state,
        () => 'gone',
      ),
    )
    .toBe('open');
  expect(await probes()).toBeLessThanOrEqual(before);
  const nowhere = new Vantages({ docker, project, image, zones, containerOf: async () => 'no-such-container' });
  await expect(nowhere.from({ service: 'x' }).interfaces()).rejects.toMatchObject({ code: 'PROBE_FAILED' });
  await nowhere.close();
});

test('closing removes every container', async () => {
  const own = new Vantages({ docker, project, image, zones, containerOf: async () => target.id });
  await own.open([{ zone: 'web' }, { zone: 'ops' }, { service: 'target' }]);
  const before = await probes();
  await own.close();
  // The engine takes them away once their agents have ended.
  await expect.poll(probes, { timeout: 10_000 }).toBe(before - 2);
  await expect(own.from({ zone: 'web' }).interfaces()).rejects.toThrow('are closed');
});

test('kill -9 of the owner leaves nothing: the agents end by themselves', async () => {
  const before = await probes();
  // In the repository, so that the bundle finds its packages.
  const folder = await mkdtemp(join(existsSync('node_modules') ? 'node_modules' : tmpdir(), '.probe-owner-'));
  try {
    const script = join(folder, 'owner.mjs');
    await build({
      entryPoints: ['test/images/probe-owner.ts'],
      outfile: script,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
    });
    const owner = spawn(process.execPath, [script, project, image, JSON.stringify(zones), target.id], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    expect(await probes()).toBe(before + 2);
    owner.kill('SIGKILL');
    await expect.poll(probes, { timeout: 20_000 }).toBe(before);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the sweep takes what a dead run left, and leaves a living one alone', async () => {
  const labels = (owner: string): Record<string, string> => ({
    [probeLabel.project]: project,
    [probeLabel.owner]: owner,
  });
  const { hostname } = await import('node:os');
  // Killed between creating and starting: nothing ends by itself here.
  await docker.createContainer({ Image: image, Labels: labels(`${hostname()}/${2 ** 22 + 1}/1`) });
  await vantages.from({ zone: 'web' }).interfaces();
  const before = await probes();
  expect(await sweep(docker, project)).toBe(1);
  expect(await probes()).toBe(before - 1);
});

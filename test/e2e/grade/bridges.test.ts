import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeLabel, unlessStatus } from '../../../src/engine/containers.ts';
import { client } from '../../../src/engine/docker.ts';
import { Shell } from '../../../src/engine/shell.ts';
import { closeBridges } from '../../../src/grade/stage/bridges.ts';
import { imageFor } from '../../support/images.ts';

// A student's firewall has NET_ADMIN: it may give itself addresses, routes and neighbours as it likes.
const docker: Docker = client();
const project = `bridgestest${randomBytes(3).toString('hex')}`;
const subnet = `10.97.${randomBytes(1)[0] ?? 0}`;
const heard: string[] = [];
let image: string;
let bridge: string;
let network: Docker.Network;
let firewall: Docker.Container;
let shell: Shell;
let datagrams: Socket;
let connections: Server;

beforeAll(async () => {
  image = await imageFor('firewall');
  const option = 'com.docker.network.bridge';
  network = await docker.createNetwork({
    Name: `${project}-zone`,
    Options: { [`${option}.inhibit_ipv4`]: 'true', [`${option}.enable_ip_masquerade`]: 'false' },
    IPAM: { Config: [{ Subnet: `${subnet}.0/27`, Gateway: `${subnet}.1` }] },
    Labels: { [composeLabel.project]: project },
  });
  bridge = `br-${network.id.slice(0, 12)}`;
  firewall = await docker.createContainer({
    Image: image,
    User: '0:0',
    Entrypoint: ['sleep', '600'],
    HostConfig: { NetworkMode: network.id, CapDrop: ['ALL'], CapAdd: ['NET_ADMIN'], Init: true },
  });
  await firewall.start();
  shell = await Shell.open(firewall);
  datagrams = createSocket('udp4', (message) => heard.push(message.toString()));
  datagrams.bind(0);
  connections = createServer().listen(0);
  await Promise.all([once(datagrams, 'listening'), once(connections, 'listening')]);
}, 60_000);

afterAll(async () => {
  datagrams?.close();
  connections?.close();
  shell?.close();
  await firewall?.remove({ force: true }).catch(unlessStatus(404));
  await network?.remove().catch(unlessStatus(404));
});

/** Every IPv4 address of this machine but loopback. */
const ours = Object.values(networkInterfaces())
  .flat()
  .flatMap((one) => (one?.family === 'IPv4' && !one.internal ? [one.address] : []));

/** Sends a datagram to each of this machine's addresses through the bridge's own card, as itself and as a container of docker0. */
async function knock(word: string): Promise<string> {
  const card = readFileSync(`/sys/class/net/${bridge}/address`, 'utf8').trim();
  const { port } = datagrams.address();
  const tcp = (connections.address() as { port: number }).port;
  const script = [
    `ip neigh replace ${subnet}.1 lladdr ${card} dev eth0`,
    `ip route replace default via ${subnet}.1 dev eth0`,
    ...ours.map((address) => `echo ${word} >/dev/udp/${address}/${port}`),
    ...ours.map((address) => `timeout 1 bash -c 'echo >/dev/tcp/${address}/${tcp}' && echo connected to ${address}`),
    'ip addr add 172.17.0.99/32 dev eth0',
    `ip route replace default via ${subnet}.1 dev eth0 src 172.17.0.99`,
    ...ours.map((address) => `echo ${word} >/dev/udp/${address}/${port}`),
    'ip addr del 172.17.0.99/32 dev eth0; true',
  ].join('\n');
  const { stdout } = await shell.run(['bash', '-c', script], { timeoutMs: 30_000 });
  return stdout;
}

test('a firewall reaches this machine through an open bridge, and nothing of it once the bridge is closed', async () => {
  await knock('open');
  await expect.poll(() => heard, { timeout: 5000 }).toContain('open\n');
  await closeBridges(docker, project, image);
  heard.length = 0;
  const said = await knock('closed');
  // What is sent in order arrives in order: a datagram of our own ends the waiting.
  const own = createSocket('udp4');
  own.send('end', datagrams.address().port, '127.0.0.1', () => own.close());
  await expect.poll(() => heard, { timeout: 5000 }).toContain('end');
  expect(heard).toEqual(['end']);
  expect(said).toBe('');
  for (const [setting, value] of [
    ['ipv4/conf/BRIDGE/rp_filter', '1'],
    ['ipv4/conf/BRIDGE/forwarding', '0'],
    ['ipv6/conf/BRIDGE/disable_ipv6', '1'],
  ] as const)
    expect(readFileSync(`/proc/sys/net/${setting.replace('BRIDGE', bridge)}`, 'utf8').trim(), setting).toBe(value);
}, 90_000);

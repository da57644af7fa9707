import { createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../src/engine/docker.ts';
import { loadExercise } from '../../../src/grade/exercise/load.ts';
import { parametersFor } from '../../../src/grade/exercise/parameters.ts';
import { graderImages } from '../../../src/grade/grader.ts';
import { Stage } from '../../../src/grade/stage/stage.ts';

/** A firewall that lets everything pass, and sends what it can to wherever it came from. */
const open = ['*filter', ':INPUT ACCEPT', ':FORWARD ACCEPT', ':OUTPUT ACCEPT', 'COMMIT', ''].join('\n');

let docker: Docker;
let stage: Stage;
let listener: Server;
let port: number;
let heard = 0;

beforeAll(async () => {
  docker = await connect();
  listener = createServer((socket) => {
    heard += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => listener.listen(0, '::', resolve));
  port = (listener.address() as { port: number }).port;
  const signal = AbortSignal.timeout(240_000);
  const exercise = await loadExercise('edge-firewall');
  const images = await graderImages(docker, exercise, { emit: () => undefined, signal });
  const parameters = parametersFor(exercise, undefined, 'proof');
  stage = await Stage.open({ docker, exercise, parameters, images, signal });
  await stage.place(new Map([['firewall/edge.rules', open]]), signal);
}, 300_000);
afterAll(async () => {
  await stage.close();
  listener.close();
});

test('the host has an address in no zone', async () => {
  const networks = await docker.listNetworks({ filters: { label: [`com.docker.compose.project=${stage.project}`] } });
  const own = networkInterfaces();
  expect(networks.length).toBeGreaterThan(0);
  for (const { Id } of networks) {
    const addresses = own[`br-${Id.slice(0, 12)}`] ?? [];
    expect(addresses.filter(({ family }) => family === 'IPv4')).toEqual([]);
  }
});

test('no container of the stage reaches a listener of the host, whatever the rules of its firewall', async () => {
  const addresses = Object.values(networkInterfaces())
    .flatMap((list = []) => list)
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
  const [net = ''] = stage.block.split('/');
  const candidates = [...new Set([...addresses, net.replace(/0$/, '1')])].slice(0, 40);
  expect(addresses.length).toBeGreaterThan(0);
  const script = [
    'use strict; use IO::Socket::INET;',
    'for (@ARGV) { my ($a, $p) = split /:/; my $pid = fork; next if $pid;',
    'exit(IO::Socket::INET->new(PeerAddr => $a, PeerPort => $p, Timeout => 2) ? 7 : 0) }',
    'my $open = 0; while (wait != -1) { $open++ if $? >> 8 == 7 } print "open $open\\n";',
  ].join(' ');
  for (const { name } of stage.played.services) {
    const { stdout, stderr } = await stage.context.exec(
      name,
      ['perl', '-e', script, '--', ...candidates.map((address) => `${address}:${port}`)],
      { timeoutMs: 60_000 },
    );
    expect(`${name}: ${stdout.trim()}${stderr.trim()}`).toBe(`${name}: open 0`);
  }
  expect(heard).toBe(0);
}, 120_000);

test('no container of the stage has an IPv6 address, so the host’s link-local ones are out of reach', async () => {
  for (const { name } of stage.played.services) {
    const { stdout } = await stage.context.exec(name, ['cat', '/proc/net/if_inet6']);
    expect(
      `${name}: ${stdout
        .split('\n')
        .filter((line) => line !== '' && !/ lo$/.test(line))
        .join()}`,
    ).toBe(`${name}: `);
  }
});

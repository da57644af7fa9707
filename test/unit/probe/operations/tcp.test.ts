import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { tcp, tcpMany } from '../../../../src/probe/operations/tcp.ts';
import { closedPort, listening } from './listening.ts';

const address = '127.0.0.1';

test('a port that is listened on is open', async () => {
  const port = await listening(createServer());
  expect(await tcp({ address, port })).toMatchObject({ state: 'open' });
});

test('a port that refuses is closed, with the kernel’s word for it', async () => {
  expect(await tcp({ address, port: await closedPort() })).toMatchObject({ state: 'closed', errno: 'ECONNREFUSED' });
});

test('an address that this machine cannot send from is no statement about a firewall', async () => {
  const port = await listening(createServer());
  // TEST-NET-1 (RFC 5737) is nobody's own address.
  const outcome = await tcp({ address, port, localAddress: '192.0.2.1' });
  expect(outcome).toMatchObject({ state: 'unroutable', errno: 'EADDRNOTAVAIL' });
});

test('many outcomes are in the order of the targets', async () => {
  const open = await listening(createServer());
  const closed = await closedPort();
  const outcomes = await tcpMany({
    targets: [open, closed, open, closed].map((port) => ({ address, port })),
    width: 2,
  });
  expect(outcomes.map(({ state }) => state)).toEqual(['open', 'closed', 'open', 'closed']);
});

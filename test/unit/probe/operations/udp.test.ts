import dgram from 'node:dgram';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { udp } from '../../../../src/probe/operations/udp.ts';

const address = '127.0.0.1';

async function socket(answer: boolean): Promise<{ port: number; close: () => Promise<void> }> {
  const server = dgram.createSocket('udp4');
  if (answer) server.on('message', (message, from) => server.send(message, from.port, from.address));
  await new Promise<void>((resolve) => server.bind(0, address, resolve));
  let closed = false;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      if (closed) return resolve();
      closed = true;
      server.close(() => resolve());
    });
  onTestFinished(close);
  return { port: (server.address() as AddressInfo).port, close };
}

test('an answer means open', async () => {
  const { port } = await socket(true);
  expect(await udp({ address, port })).toMatchObject({ state: 'open' });
});

test('silence can be either', async () => {
  const { port } = await socket(false);
  expect(await udp({ address, port, timeoutMs: 50 })).toMatchObject({ state: 'open|filtered' });
});

test('ICMP port unreachable means closed', async () => {
  const { port, close } = await socket(false);
  await close();
  expect(await udp({ address, port })).toMatchObject({ state: 'closed', errno: 'ECONNREFUSED' });
});

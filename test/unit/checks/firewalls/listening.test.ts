import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { parseListening } from '../../../../src/checks/firewalls/listening.ts';

const line = (file: string, address: string, state: string): string =>
  `/proc/net/${file}:   0: ${address} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 1 1`;

test('what listens is told from conversations, from loopback and from clients', () => {
  const text = [
    line('tcp', '00000000:0050', '0A'),
    line('tcp', '6401010A:1F90', '01'),
    line('tcp', '0100007F:2378', '0A'),
    line('tcp6', '00000000000000000000000000000000:2388', '0A'),
    line('tcp6', '00000000000000000000000001000000:2389', '0A'),
    line('tcp6', '0000000000000000FFFF00000100007F:238A', '0A'),
    line('udp', '00000000:0035', '07'),
    line('udp', '00000000:C000', '07'),
  ].join('\n');
  expect(parseListening(text)).toEqual([
    { protocol: 'tcp', port: 80 },
    { protocol: 'tcp', port: 0x2388 },
    { protocol: 'udp', port: 53 },
  ]);
});

test('it reads this kernel’s own lists', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve));
  const { port } = server.address() as { port: number };
  try {
    const { stdout } = await promisify(execFile)('grep', ['-H', ':', '/proc/net/tcp'], { maxBuffer: 1 << 24 });
    expect(parseListening(stdout)).toContainEqual({ protocol: 'tcp', port });
  } finally {
    server.close();
  }
});

import { expect, test } from 'vitest';
import { packetsIn } from '../../../src/probe/pcap.ts';

const fileHeader = Buffer.alloc(24);
fileHeader.writeUInt32LE(0xa1b2c3d4, 0);

const record = (frame: Buffer, length = frame.length): Buffer => {
  const header = Buffer.alloc(16);
  [1_700_000_000, 250_000, length, length].forEach((value, index) => header.writeUInt32LE(value, index * 4));
  return Buffer.concat([header, frame]);
};

/** An Ethernet frame with TCP (20-byte header) or UDP over IPv4, padded as Ethernet pads short ones. */
const frame = (protocol: 6 | 17, payload: string, type = 0x0800): Buffer => {
  const inner = Buffer.alloc(protocol === 6 ? 20 : 8);
  inner.writeUInt16BE(40_000, 0);
  inner.writeUInt16BE(80, 2);
  if (protocol === 6) inner.writeUInt8(5 << 4, 12);
  const ip = Buffer.alloc(20);
  ip.writeUInt8(0x45, 0);
  ip.writeUInt16BE(20 + inner.length + payload.length, 2);
  ip.writeUInt8(protocol, 9);
  ip.set([10, 77, 0, 68, 10, 77, 0, 100], 12);
  const ethernet = Buffer.alloc(14);
  ethernet.writeUInt16BE(type, 12);
  return Buffer.concat([ethernet, ip, inner, Buffer.from(payload), Buffer.alloc(6)]);
};

test.each([
  ['tcp', 6],
  ['udp', 17],
] as const)('%s packets come with their ends and what they carry, and without padding', (protocol, number) => {
  const [packet, ...more] = packetsIn(Buffer.concat([fileHeader, record(frame(number, 'GET /'))]));
  expect(more).toEqual([]);
  expect(packet).toMatchObject({
    protocol,
    source: '10.77.0.68',
    sourcePort: 40_000,
    destination: '10.77.0.100',
    destinationPort: 80,
    at: new Date(1_700_000_000_250),
  });
  expect(packet?.payload.toString()).toBe('GET /');
});

test('what is not IPv4, too short, or cut off at the end is left out', () => {
  const file = Buffer.concat([
    fileHeader,
    record(frame(6, 'x', 0x0806)),
    record(Buffer.alloc(20)),
    record(frame(6, 'whole')),
    record(frame(6, 'cut'), 500),
  ]);
  expect(packetsIn(file).map(({ payload }) => payload.toString())).toEqual(['whole']);
});

test.each([
  ['nothing', Buffer.alloc(0)],
  ['another file', Buffer.from('GIF89a'.padEnd(40))],
])('%s is refused', (_, file) => {
  expect(() => packetsIn(file)).toThrow('not a pcap file');
});

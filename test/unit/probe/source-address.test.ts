import { expect, test } from 'vitest';
import { speakingFrom } from '../../../src/probe/source-address.ts';

const own = '10.77.0.16';

test('one request and each of many get the source address', () => {
  expect(speakingFrom(own, { address: '10.77.0.68', port: 80 })).toEqual({
    address: '10.77.0.68',
    port: 80,
    localAddress: own,
  });
  expect(speakingFrom(own, { host: '10.77.0.132', user: 'app' })).toMatchObject({ localAddress: own });
  expect(speakingFrom(own, { targets: [{ address: '10.77.0.68', port: 80 }], width: 3 })).toEqual({
    targets: [{ address: '10.77.0.68', port: 80, localAddress: own }],
    width: 3,
  });
  expect(speakingFrom(own, { requests: [{ address: '10.77.0.68' }] })).toMatchObject({
    requests: [{ localAddress: own }],
  });
});

test('a request that names a source keeps it, and IPv6 is left alone', () => {
  const forged = { address: '10.77.0.68', port: 80, localAddress: '203.0.113.7' };
  expect(speakingFrom(own, forged)).toEqual(forged);
  const link = { address: 'fe80::1%web', port: 80 };
  expect(speakingFrom(own, link)).toEqual(link);
});

test('what dials nobody is left alone', () => {
  const command = { argv: ['ip', 'addr'] };
  expect(speakingFrom(own, command)).toEqual(command);
});

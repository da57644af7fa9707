import { expect, test } from 'vitest';
import { interfaces, parseRoutes4, parseRoutes6 } from '../../../../src/probe/operations/interfaces.ts';

test('IPv4 routes are read as the kernel writes them', () => {
  const text = [
    'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT',
    'eth0\t00000000\t0107620A\t0003\t0\t0\t0\t00000000\t0\t0\t0',
    'eth0\t0007620A\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0',
    '',
  ].join('\n');
  expect(parseRoutes4(text)).toEqual([
    { family: 'IPv4', interface: 'eth0', destination: '0.0.0.0/0', gateway: '10.98.7.1', metric: 0 },
    { family: 'IPv4', interface: 'eth0', destination: '10.98.7.0/24', gateway: null, metric: 100 },
  ]);
});

test('IPv6 routes are read as the kernel writes them, without those of loopback', () => {
  const zeros = '0'.repeat(32);
  const text = [
    `fe800000000000000000000000000000 40 ${zeros} 00 ${zeros} 00000100 00000001 00000000 00000001     eth0`,
    `${zeros} 00 ${zeros} 00 fd000000000000000000000000000001 00000400 00000001 00000000 00000003     eth0`,
    `${zeros} 00 ${zeros} 00 ${zeros} ffffffff 00000001 00000000 00200200       lo`,
  ].join('\n');
  expect(parseRoutes6(text)).toEqual([
    { family: 'IPv6', interface: 'eth0', destination: 'fe80::/64', gateway: null, metric: 256 },
    { family: 'IPv6', interface: 'eth0', destination: '::/0', gateway: 'fd00::1', metric: 1024 },
  ]);
});

test('this machine has loopback', async () => {
  const { addresses } = await interfaces();
  expect(addresses).toContainEqual(expect.objectContaining({ interface: 'lo', address: '127.0.0.1', prefix: 8 }));
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddress, parseAddress, parseSubnet } from '../../../src/plan/ipv4.ts';

const address = fc.nat(0xffffffff);

describe('addresses', () => {
  it('are written and read back', () => {
    fc.assert(fc.property(address, (value) => parseAddress(formatAddress(value)) === value));
    expect(formatAddress(0xffffffff)).toBe('255.255.255.255');
  });

  it.each(['', '10.0.0', '10.0.0.256', '10.0.0.0/33', '::1/64', 'web1'])('%j is no subnet', (text) => {
    expect(() => parseSubnet(text)).toThrow();
  });

  it.each(['', '10.0.0.256', '10.0.0.0/8', '::1'])('%j is no address', (text) => {
    expect(() => parseAddress(text)).toThrow();
  });
});

describe('subnets', () => {
  it('begin at their network address', () => {
    expect(parseSubnet('10.77.0.200/24')).toEqual({ base: parseAddress('10.77.0.0'), prefix: 24 });
    expect(parseSubnet('255.255.255.255/0')).toEqual({ base: 0, prefix: 0 });
    expect(parseSubnet('192.168.1.9/32')).toEqual({ base: parseAddress('192.168.1.9'), prefix: 32 });
  });
});

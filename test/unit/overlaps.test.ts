import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps } from '../../src/overlaps.ts';
import { formatAddress, parseSubnet } from '../../src/plan/ipv4.ts';

const subnet = fc
  .tuple(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }))
  .map(([base, prefix]) => `${formatAddress(base)}/${prefix}`);

function holds(outer: string, inner: string): boolean {
  const { base, prefix } = parseSubnet(outer);
  const first = parseSubnet(inner).base;
  return first >= base && first < base + 2 ** (32 - prefix);
}

describe('subnets', () => {
  it('overlap exactly when one holds the first address of the other', () => {
    fc.assert(fc.property(subnet, subnet, (a, b) => overlaps(a, b) === (holds(a, b) || holds(b, a))));
  });

  it.each([
    ['10.0.0.0/8', '10.77.3.0/24', true],
    ['10.77.3.128/25', '10.77.3.0/24', true],
    ['10.77.2.0/24', '10.77.3.0/24', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(overlaps(a, b)).toBe(expected);
    expect(overlaps(b, a)).toBe(expected);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeBlock, parseRoutes } from '../../../src/engine/networks.ts';
import { overlaps } from '../../../src/overlaps.ts';

const cidr = fc
  .tuple(fc.nat({ max: 255 }), fc.nat({ max: 255 }), fc.integer({ min: 8, max: 30 }))
  .map(([b, c, len]) => `10.${b}.${c}.0/${len}`);

describe('subnets', () => {
  const candidates = ['10.77.0.0/24', '10.77.1.0/24', '10.77.2.0/24'];

  it('are chosen free of routes and networks', () => {
    expect(freeBlock(candidates, [])).toBe('10.77.0.0/24');
    expect(
      freeBlock(candidates, [
        { subnet: '10.77.0.16/28', by: 'x' },
        { subnet: '10.77.1.7/32', by: 'y' },
      ]),
    ).toBe('10.77.2.0/24');
    fc.assert(
      fc.property(fc.array(cidr, { maxLength: 5 }), (subnets) => {
        const block = freeBlock(
          [...candidates, '172.31.0.0/24'],
          subnets.map((subnet) => ({ subnet, by: 'x' })),
        );
        expect(subnets.some((subnet) => overlaps(block, subnet))).toBe(false);
      }),
    );
  });

  it('may be the project’s own, which the host’s routes show a second time', () => {
    const used = [
      { subnet: '10.77.0.0/28', by: 'Docker network demo_edge', project: 'demo' },
      { subnet: '10.77.0.0/28', by: 'route through br-1' },
    ];
    expect(freeBlock(candidates, used, 'demo')).toBe('10.77.0.0/24');
    expect(freeBlock(candidates, used, 'other')).toBe('10.77.1.0/24');
  });

  it('that are all taken end in an error that says by what', () => {
    expect(() => freeBlock(['10.77.0.0/24'], [{ subnet: '10.0.0.0/8', by: 'route through tun0' }])).toThrow(
      expect.objectContaining({
        code: 'SUBNETS_EXHAUSTED',
        problems: [expect.objectContaining({ found: '10.0.0.0/8 (route through tun0)' })],
      }),
    );
  });

  it('are read from the host’s routes, the default route aside', () => {
    const json =
      '[{"dst":"default","gateway":"192.0.2.1","dev":"eth0"},{"dst":"0.0.0.0/1","dev":"tun0"},{"dst":"172.17.0.0/16","dev":"docker0"},{"type":"local","dst":"127.0.0.1","dev":"lo"}]';
    expect(parseRoutes(json)).toEqual([
      { subnet: '0.0.0.0/1', by: 'route through tun0' },
      { subnet: '172.17.0.0/16', by: 'route through docker0' },
      { subnet: '127.0.0.1/32', by: 'route through lo' },
    ]);
    expect(parseRoutes('')).toEqual([]);
  });
});

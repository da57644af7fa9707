import fc from 'fast-check';
import { expect, it } from 'vitest';
import { blockOf, blocksFrom } from '../../../src/plan/block.ts';
import { overlaps } from '../../../src/overlaps.ts';

const inPool = /^10\.(6[4-9]|[789]\d|1[01]\d|12[0-7])\.(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\.0\/24$/;

it('a seed leads to one /24 of 10.64.0.0/10', () => {
  expect(blockOf(0)).toBe('10.77.0.0/24');
  fc.assert(
    fc.property(fc.oneof(fc.integer(), fc.maxSafeInteger()), (seed) => {
      expect(blockOf(seed)).toMatch(inPool);
      expect(blockOf(seed)).toBe(blockOf(seed));
    }),
  );
});

it('neighbouring seeds lead to different blocks', () => {
  expect(new Set(Array.from({ length: 16_384 }, (_, seed) => blockOf(seed))).size).toBe(16_384);
});

it('the blocks that follow one wrap at the end of the pool', () => {
  const blocks = blocksFrom('10.127.254.0/24');
  expect(blocks.slice(0, 4)).toEqual(['10.127.254.0/24', '10.127.255.0/24', '10.64.0.0/24', '10.64.1.0/24']);
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const all = blocksFrom(blockOf(seed));
      expect(all[0]).toBe(blockOf(seed));
      expect(new Set(all).size).toBe(256);
      for (const block of all) expect(overlaps(block, '10.64.0.0/10')).toBe(true);
    }),
    { numRuns: 20 },
  );
});

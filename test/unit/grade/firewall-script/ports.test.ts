import fc from 'fast-check';
import { expect, test } from 'vitest';
import { samplePorts } from '../../../../src/grade/firewall-script/ports.ts';

const allowed = [22, 80, 443];

test('the same seed gives the same ports, another one gives others', () => {
  expect(samplePorts('one', allowed)).toEqual(samplePorts('one', allowed));
  expect(samplePorts('one', allowed).others).not.toEqual(samplePorts('two', allowed).others);
});

test('whatever the seed, a sample names each port once, none that is allowed, and twelve that nobody could know', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const { others, udp } = samplePorts(seed, allowed);
      const all = [...allowed, ...others, ...udp];
      expect(new Set(all).size).toBe(all.length);
      expect(all.every((port) => Number.isInteger(port) && port > 0 && port < 65_536)).toBe(true);
      expect(others).toHaveLength(18);
      expect(udp).toHaveLength(9);
      // ufw lets these in by itself.
      expect(all.filter((port) => [68, 546, 1900, 5353].includes(port))).toEqual([]);
    }),
  );
});

test('a port that is to be open is not among the others', () => {
  expect(samplePorts('one', [22, 8080]).others).not.toContain(8080);
  expect(samplePorts('one', [22, 8080]).others).toContain(3306);
});

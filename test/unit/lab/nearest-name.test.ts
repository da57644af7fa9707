import { expect, it } from 'vitest';
import { nearestName } from '../../../src/lab/nearest-name.ts';

const names = ['balancer', 'web', 'edge', 'host', 'db-primary', 'db-replica'];

it.each([
  ['balncer', 'balancer'],
  ['Balancer', 'balancer'],
  ['wbe', 'web'],
  ['egde', 'edge'],
  ['hots', 'host'],
  ['db-primry', 'db-primary'],
])('%s is near %s', (name, nearest) => {
  expect(nearestName(name, names)).toBe(nearest);
});

it.each(['db', 'x', '', 'zz', 'kubernetes'])('%j is near nothing', (name) => {
  expect(nearestName(name, names)).toBeUndefined();
});

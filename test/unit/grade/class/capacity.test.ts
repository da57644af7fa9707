import { expect, test } from 'vitest';
import { jobsFor } from '../../../../src/grade/class/capacity.ts';

const GiB = 1024 ** 3;
const cost = (processors: number, memory = 0.1 * GiB): { memory: number; processors: number } => ({
  memory,
  processors,
});

test.each([
  ['one for each processor, where each keeps one busy', cost(1.2), 24 * GiB, 2, 2],
  ['more where they wait, and a quarter of the processors is left', cost(0.21), 24 * GiB, 2, 7],
  ['sixteen at most', cost(0), 24 * GiB, 64, 16],
  ['as memory allows, half a GiB aside', cost(0.21, GiB), 2.6 * GiB, 2, 3],
  ['one at least', cost(0.21, GiB), 0, 2, 1],
])('%s', (_, seen, free, cores, jobs) => {
  expect(jobsFor(seen, free, cores)).toBe(jobs);
});

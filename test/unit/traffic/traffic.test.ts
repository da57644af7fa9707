import { expect, test } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import { runsOf } from '../../../src/traffic/mix.ts';
import { parseHey, Tally } from '../../../src/traffic/tally.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith());

test.each([5, 20, 100, 200])('the mix adds up to %s requests a second', (rate) => {
  const runs = runsOf(plan, rate, 2);
  const total = runs.reduce((sum, { requests }) => sum + requests, 0);
  expect(Math.abs(total - rate * 2)).toBeLessThanOrEqual(Math.max(2, rate * 0.1));
  for (const { argv, requests } of runs) {
    const value = (option: string): number => Number(argv[argv.indexOf(option) + 1]);
    expect(value('-n')).toBe(requests);
    // hey leaves out what does not divide evenly among its workers.
    expect(requests % value('-c')).toBe(0);
    expect((value('-n') / value('-c') / value('-q')).toFixed(1)).toBe('2.0');
  }
});

test('what few visitors do seldom, they do at times', () => {
  const writes = Array.from(
    { length: 10 },
    (_, slice) => runsOf(plan, 10, 2, slice).filter(({ argv }) => argv.includes('POST')).length,
  );
  // Two of a hundred requests, and two hundred were made.
  expect(writes.reduce((sum, count) => sum + count, 0)).toBe(4);
});

test('answers are read from hey’s CSV, and what is missing got no answer', () => {
  const csv =
    'response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n0.0100,0,0,0,0,0,200,0.2\n0.0300,0,0,0,0,0,503,0.4\n';
  expect(parseHey(csv)).toEqual([
    { ms: 10, status: 200 },
    { ms: 30, status: 503 },
  ]);
  const tally = new Tally();
  tally.add(parseHey(csv), 3);
  expect(tally.summary(2)).toEqual({
    requests: 3,
    ok: 1,
    errors: 2,
    errorsByStatus: { '503': 1, none: 1 },
    p50: 10,
    p95: 30,
    p99: 30,
    seconds: 2,
  });
});

test('of nothing there is a summary too', () => {
  expect(new Tally().summary(0)).toMatchObject({ requests: 0, ok: 0, errors: 0, p50: 0 });
});

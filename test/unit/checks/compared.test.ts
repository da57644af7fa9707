import { describe, expect, test } from 'vitest';
import { measurableBeside } from '../../../src/checks/comparable.ts';
import { compare } from '../../../src/checks/compared.ts';
import type { CheckResult, VerifyResult } from '../../../src/checks/result.ts';
import { summarise } from '../../../src/checks/result.ts';
import { costOf } from '../../../src/checks/balancing/steady-visitors.ts';
import { loadLab } from '../../../src/life/labs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { coloursFor } from '../../../src/report/colours.ts';
import { comparison, comparisonMarkdown } from '../../../src/report/compare.ts';
import { settingsWith } from '../plan/settings.ts';

const check = (id: string, status: CheckResult['status'] = 'passed', observed = 'seen'): CheckResult => ({
  id,
  title: `Title of ${id}`,
  requirement: id.split('.')[0] as CheckResult['requirement'],
  status,
  points: 1,
  expected: '',
  observed,
  reproduce: '',
  hint: '',
  blockedBy: null,
  durationMs: 1,
});
const result = (lab: string, ...checks: CheckResult[]): VerifyResult => ({
  lab,
  project: `p-${lab}`,
  summary: summarise(checks, 1),
  checks,
  absent: [],
});
const plain = { colours: coloursFor({}), width: 100, lines: 40 };

describe('two results', () => {
  const first = result(
    'a',
    check('tls.chain'),
    check('tls.secret-unseen', 'failed', 'readable in web'),
    check('tls.old'),
  );
  const second = result(
    'b',
    check('tls.chain'),
    check('tls.secret-unseen'),
    check('database.group-whole'),
    check('tls.dates', 'skipped'),
  );
  const compared = compare(first, second);

  test('are told apart by who proves what', () => {
    const ids = Object.fromEntries(
      Object.entries(compared.checks).map(([who, some]) => [who, some.map(({ id }) => id)]),
    );
    expect(ids).toEqual({
      both: ['tls.chain'],
      first: ['tls.old'],
      second: ['tls.secret-unseen', 'database.group-whole'],
      neither: ['tls.dates'],
    });
    expect(compared.labs).toEqual([
      { lab: 'a', project: 'p-a', measured: 3, passed: 2 },
      { lab: 'b', project: 'p-b', measured: 3, passed: 3 },
    ]);
  });

  test('what was measured on both comes with what was seen on both', () => {
    const text = comparison(compared, plain);
    expect(text).toMatch(/Measured on both.*\n +Title of tls\.secret-unseen\n +✘ a +readable in web\n +✔ b +seen/);
    expect(text).toContain('Only b proves (1)');
    expect(comparisonMarkdown(compared)).toContain('failed: readable in web');
  });

  test('fit on one screen, and unfolded show everything', () => {
    const many = (lab: string): VerifyResult =>
      result(lab, ...Array.from({ length: 60 }, (_, index) => check(`database.${lab}${index}`)));
    const folded = comparison(compare(many('a'), many('b')), plain);
    expect(folded.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
    expect(folded).toContain('more: database');
    const whole = comparison(compare(many('a'), many('b')), { ...plain, lines: Infinity });
    expect(whole.match(/✔/g)).toHaveLength(120);
  });
});

test('what a lab claims already is not measured beside; what it does not, and could be asked, is', async () => {
  const beside = async (lab: string): Promise<string[]> =>
    measurableBeside(makePlan(await loadLab(lab), settingsWith())).map(({ id }) => id);
  expect(await beside('secured-monitored')).toEqual([
    'tls.secret-unseen',
    'tls.servers-ask-who-comes',
    'balancing.survives-killed-balancer',
    'balancing.survives-hung-balancer',
    'servers.diverse',
    'database.survives-lost-primary',
  ]);
  expect(await beside('scaled-up')).not.toContain('balancing.survives-killed-balancer');
  expect(await beside('end-to-end-tls')).not.toContain('tls.secret-unseen');
});

describe('what a loss costs', () => {
  const visit = (sent: number, good: boolean): { sent: number; ended: number; good: boolean } => ({
    sent,
    ended: sent + 20,
    good,
  });

  test.each([
    ['nobody noticed', [visit(0, true), visit(100, true)], 0],
    [
      'from the loss to the first answer after the last failure',
      [visit(0, true), visit(100, false), visit(200, true), visit(300, false), visit(400, true)],
      370,
    ],
    ['nobody was answered again', [visit(0, true), visit(100, false)], null],
  ])('%s', (_, visits, cost) => {
    expect(costOf(visits, 50)).toBe(cost);
  });
});

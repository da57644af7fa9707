import { expect, test } from 'vitest';
import type { UserError } from '../../../src/errors.ts';
import { checkUsage, type GradeFlags } from '../../../src/cli/grade/flags.ts';

function problemOf(submissions: string[], flags: Partial<GradeFlags>): UserError | undefined {
  try {
    checkUsage(submissions, { exercise: 'restore-service', ...flags });
  } catch (error) {
    return error as UserError;
  }
  return undefined;
}

test('what goes together is taken', () => {
  expect(problemOf(['a'], {})).toBeUndefined();
  expect(problemOf(['a', 'b'], { out: 'results', sign: 'key', reporter: ['html', 'junit'] })).toBeUndefined();
  expect(problemOf([], { live: true, project: 'p', student: 's-017', reporter: ['markdown'] })).toBeUndefined();
});

test('what is kept needs a place: many results, reports, signatures', () => {
  const kept: Partial<GradeFlags>[] = [{ resume: true }, { sign: 'key' }, { reporter: ['html', 'junit'] }];
  for (const flags of kept) expect(problemOf(['a'], flags)).toMatchObject({ code: 'USAGE', exitCode: 2 });
  expect(problemOf(['a', 'b'], {})).toMatchObject({ code: 'USAGE' });
});

test('--live grades what runs: what is about submissions is named and refused', () => {
  const problem = problemOf(['a'], { live: true, out: 'results', key: 'class.key' });
  expect(problem?.problems[0]?.fix).toBe('leave out submissions, --out, --key');
});

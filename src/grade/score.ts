import type { GradedCheck, GradeResult } from './result.ts';

/** Points and verdict. With a check that the machine could not measure there is no score. */
export function scored(checks: readonly GradedCheck[], passMark: number): Pick<GradeResult, 'outcome' | 'summary'> {
  const points = checks.reduce((sum, { earned }) => sum + earned, 0);
  const of = checks.reduce((sum, check) => sum + check.points, 0);
  const percent = of === 0 ? 0 : Math.floor((100 * points) / of);
  const unmeasured = checks.some(({ status }) => status === 'not-measured');
  return {
    outcome: unmeasured ? 'not-measured' : 'graded',
    summary: { points, of, percent, passMark, passed: !unmeasured && percent >= passMark },
  };
}

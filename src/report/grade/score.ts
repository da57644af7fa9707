import type { GradedCheck, GradedStatus, GradeResult } from '../../grade/result.ts';

/** What needs doing comes first, in every report. */
const order: readonly GradedStatus[] = ['failed', 'blocked', 'not-measured', 'passed'];

/** Checks with the failed ones first; otherwise in the exercise's order. */
export function failedFirst(checks: readonly GradedCheck[]): GradedCheck[] {
  return order.flatMap((status) => checks.filter((check) => check.status === status));
}

/** How many checks have each status, in words; those that none has are left out. */
export function countsOf(checks: readonly GradedCheck[]): string {
  const counts = order
    .map((status) => ({ status, count: checks.filter((check) => check.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${words[status]}`);
  return counts.length === 0 ? 'no checks' : counts.join(', ');
}

const words: Readonly<Record<GradedStatus, string>> = {
  failed: 'failed',
  blocked: 'blocked',
  'not-measured': 'not measured',
  passed: 'passed',
};

/** The score in one line. Where the machine failed there is none. */
export function scoreLine({ outcome, summary }: GradeResult): string {
  if (outcome === 'not-measured') return 'not measured: the grader’s machine failed, so there is no score yet';
  return `${points(summary.points)} of ${points(summary.of)} points (${summary.percent} %), ${verdictLine({ outcome, summary })}`;
}

/** What the score means. */
export function verdictLine({ outcome, summary }: Pick<GradeResult, 'outcome' | 'summary'>): string {
  const verdict = summary.passed ? 'passed' : 'not passed';
  return `${verdict} (pass mark ${summary.passMark} %)${outcome === 'refused' ? '; refused, nothing was run' : ''}`;
}

/** Points without the noise of binary fractions. */
export function points(number: number): string {
  return String(Math.round(number * 100) / 100);
}

/** What a check is named by another that it blocks: its title where it is there. */
export function causeOf({ blockedBy }: GradedCheck, checks: readonly GradedCheck[]): string {
  if (blockedBy === null) return 'a check before it';
  return checks.find(({ id }) => id === blockedBy)?.title ?? blockedBy;
}

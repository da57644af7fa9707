import type { Requirement } from './check.ts';
import type { CheckResult, VerifyResult } from './result.ts';

/** One check on one side: absent where neither the lab claims it nor it could be measured. */
export type Seen = Pick<CheckResult, 'status' | 'observed'>;

/** One check on both sides. */
export interface ComparedCheck {
  id: string;
  title: string;
  requirement: Requirement;
  /** What was measured on each side, in their order. */
  seen: [Seen | null, Seen | null];
}

/** Who proves a check: it was measured there, and passed. */
export type Provers = 'both' | 'first' | 'second' | 'neither';

/** The document of `lab compare --json`. */
export interface Comparison {
  /** The two, in the order in which they were named. */
  labs: [ComparedLab, ComparedLab];
  /** By who proves them, in the order of the requirements. */
  checks: Record<Provers, ComparedCheck[]>;
}

export interface ComparedLab {
  lab: string;
  project: string;
  /** How many checks were measured on it, and how many of them passed. */
  measured: number;
  passed: number;
}

/** Lays two results side by side. Checks are the same by their ids; a title is taken from whoever proves it. */
export function compare(first: VerifyResult, second: VerifyResult): Comparison {
  const [ones, others] = [first, second].map(({ checks }) => new Map(checks.map((check) => [check.id, check])));
  const ids = merged(
    first.checks.map(({ id }) => id),
    second.checks.map(({ id }) => id),
  );
  const checks: Comparison['checks'] = { both: [], first: [], second: [], neither: [] };
  for (const id of ids) {
    const [one, other] = [ones?.get(id), others?.get(id)];
    const named = one?.status === 'passed' ? one : (other ?? one);
    if (named === undefined) continue;
    checks[proversOf(one, other)].push({
      id,
      title: named.title,
      requirement: named.requirement,
      seen: [seenOf(one), seenOf(other)],
    });
  }
  return { labs: [labOf(first), labOf(second)], checks };
}

function proversOf(one: CheckResult | undefined, other: CheckResult | undefined): Provers {
  const [first, second] = [one?.status === 'passed', other?.status === 'passed'];
  if (first) return second ? 'both' : 'first';
  return second ? 'second' : 'neither';
}

function seenOf(check: CheckResult | undefined): Seen | null {
  return check === undefined ? null : { status: check.status, observed: check.observed };
}

function labOf({ lab, project, checks }: VerifyResult): ComparedLab {
  const measured = checks.filter(({ status }) => status !== 'skipped');
  return {
    lab,
    project,
    measured: measured.length,
    passed: measured.filter(({ status }) => status === 'passed').length,
  };
}

/** Both lists in one order: what only the second has comes after what it comes after there. */
function merged(first: readonly string[], second: readonly string[]): string[] {
  const all = [...first];
  second.forEach((id, index) => {
    if (all.includes(id)) return;
    const before = second.slice(0, index).findLast((one) => all.includes(one));
    all.splice(before === undefined ? 0 : all.indexOf(before) + 1, 0, id);
  });
  return all;
}

import type { Requirement, Status } from './check.ts';

/** One check's outcome, as `lab verify --json` gives it. */
export interface CheckResult {
  id: string;
  title: string;
  requirement: Requirement;
  status: Status;
  /** What it is worth; 0 for one that does not apply on this machine. */
  points: number;
  expected: string;
  observed: string;
  reproduce: string;
  hint: string;
  /** The check that had to pass first and did not. */
  blockedBy: string | null;
  durationMs: number;
}

/** The document of `lab verify --json`, which other programs rely on. */
export interface VerifyResult {
  lab: string;
  project: string;
  summary: {
    passed: number;
    failed: number;
    skipped: number;
    /** Points of the checks that passed, of the points of all. */
    points: number;
    of: number;
    durationMs: number;
  };
  /** Requirements that this lab has no checks of, as it lacks what they are about. */
  absent: Requirement[];
  checks: CheckResult[];
}

/** Adds up the outcomes. */
export function summarise(checks: readonly CheckResult[], durationMs: number): VerifyResult['summary'] {
  const count = (status: Status): number => checks.filter((check) => check.status === status).length;
  const sum = (some: readonly CheckResult[]): number => some.reduce((total, check) => total + check.points, 0);
  return {
    passed: count('passed'),
    failed: count('failed'),
    skipped: count('skipped'),
    points: sum(checks.filter((check) => check.status === 'passed')),
    of: sum(checks),
    durationMs: Math.round(durationMs),
  };
}

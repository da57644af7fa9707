/** What one fault did, and what was seen of it. Times are in milliseconds. */
export interface DrilledFault {
  name: string;
  title: string;
  /** Whether everything was as the fault declares. */
  asDeclared: boolean;
  checks: {
    /** Ids that the fault declares. */
    expected: string[];
    failed: string[];
    unexpected: string[];
    missing: string[];
  };
  /** From the breaking to the first failed check; null when none failed. */
  firstFailedAfterMs: number | null;
  /** Null where nobody watches the lab. */
  alert: {
    name: string;
    withinSeconds: number;
    /** From the breaking to the mail in the inbox; null when none came. */
    deliveredAfterMs: number | null;
    /** From the mending to the mail that it is over; null when none came. */
    clearedAfterMs: number | null;
  } | null;
  /** From the mending to the last of the failed checks passing again; null when one did not. */
  recoveredAfterMs: number | null;
  /** What the unexpected checks saw, and those that did not recover. */
  evidence: { check: string; observed: string }[];
}

/** `lab drill --json`. */
export interface DrillResult {
  lab: string;
  project: string;
  summary: { faults: number; asDeclared: number; different: number; durationMs: number };
  faults: DrilledFault[];
  /** The last verification, of everything. */
  whole: { passed: number; failed: { check: string; observed: string }[] };
}

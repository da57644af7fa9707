/** What became of one check of an exercise. */
export type GradedStatus =
  | 'passed'
  | 'failed'
  /** Not measured, since a check that it depends on failed: one cause costs once. */
  | 'blocked'
  /** Could not be measured for a reason of the machine, after it was tried again. Never counts as a failure. */
  | 'not-measured';

export interface GradedCheck {
  id: string;
  title: string;
  /** Hidden from students at home: its expected, observed and evidence are left out of what they are given. */
  hidden: boolean;
  status: GradedStatus;
  /** What it is worth, and what was earned of it. A blocked check that the exercise excuses is worth 0. */
  points: number;
  earned: number;
  expected: string;
  observed: string;
  /** How to see it at home. */
  reproduce: string;
  hint: string;
  /** The check that had to pass first and did not. */
  blockedBy: string | null;
  /** What was seen on the way to the verdict, line by line; text of a submission is printable and bounded here already. */
  evidence: string[];
  durationMs: number;
}

/** Why a submission was not run at all. */
export interface Refusal {
  /** A stable name in capitals, such as `SUBMISSION_LINK`. */
  code: string;
  message: string;
  /** Path within the submission, with a line where one can be told. */
  where?: string;
}

/** One submission, graded. The document of `lab grade --json`, and of `result.json` in a class's folder. */
export interface GradeResult {
  version: 1;
  lab: string;
  exercise: string;
  title: string;
  student: string;
  submission: {
    /** The folder's or archive's own name. */
    name: string;
    /** SHA-256 over paths and contents of what was taken from it. */
    digest: string;
    files: { path: string; bytes: number }[];
  };
  /** Names this grading: the fresh values were derived from it. */
  run: string;
  gradedAt: string;
  /** `refused`: nothing was run, 0 points. `not-measured`: the machine failed, there is no score. */
  outcome: 'graded' | 'refused' | 'not-measured';
  summary: {
    points: number;
    of: number;
    /** Rounded down to a whole number, so that 100 means all. */
    percent: number;
    passMark: number;
    /** Whether the pass mark was reached. */
    passed: boolean;
  };
  /** What was adapted or left out, and why; one line each. */
  notes: string[];
  refusals: Refusal[];
  checks: GradedCheck[];
  durationMs: number;
}

/** A class: what `lab grade` made of many submissions. */
export interface ClassResult {
  version: 1;
  lab: string;
  exercise: string;
  title: string;
  startedAt: string;
  durationMs: number;
  /** How many were graded at a time. */
  jobs: number;
  results: GradeResult[];
}

/** What decides whether two gradings agree: scores, and what became of each check. Words and times may differ. */
export function verdictOf({ outcome, summary, checks }: GradeResult): string {
  const rows = checks.map(({ id, status, earned, points }) => `${id} ${status} ${earned}/${points}`);
  return [outcome, `${summary.points}/${summary.of}`, ...rows].join('\n');
}

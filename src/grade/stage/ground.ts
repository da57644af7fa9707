import type { CheckContext } from '../../checks/check.ts';
import type { RunningLab } from '../../faults/running-lab.ts';
import type { Plan } from '../../plan/types.ts';
import type { OwnProject } from '../compose/plan.ts';
import type { Refusal } from '../result.ts';
import type { Origins } from './origins.ts';
import type { Start } from './types.ts';

export interface Running {
  /** How each of the submission's services came up. */
  starts: ReadonlyMap<string, Start>;
  /** What was done to it, one line each. */
  notes: readonly string[];
  /** A whole project: whom it says plays which part, and where they stand. */
  own?: OwnProject;
}

/** What came of a submission that was put in its place. */
export type Placed = Running | { refusals: Refusal[] };

/** Where submissions are graded, one after the other: a part of the lab that takes their files, or room for their own projects. */
export interface Ground {
  readonly project: string;
  /** Its own /24. */
  readonly block: string;
  /** The lab of the exercise in this block. */
  readonly plan: Plan;
  /** What runs now, for checks. */
  readonly played: Plan;
  readonly context: CheckContext;
  /** What runs, as faults lay hands on it. */
  readonly running: RunningLab;
  readonly origins: Origins;
  /** Starts what a submission asks for. That it does not come up is an outcome, not an error. */
  place(files: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Placed>;
  /** Removes what the submission had, with its data. */
  clear(): Promise<void>;
  /** Whether what submissions share is as it was. */
  isWhole(): Promise<boolean>;
  close(): Promise<void>;
}

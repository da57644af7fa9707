import type Docker from 'dockerode';
import type * as z from 'zod';
import type { CheckContext } from '../../checks/check.ts';
import type { RunningLab } from '../../faults/running-lab.ts';
import type { Plan } from '../../plan/types.ts';
import type { Parameters } from '../exercise/parameters.ts';
import type { Exercise } from '../exercise/schema.ts';
import type { Origins } from '../stage/origins.ts';
import type { Start } from '../stage/types.ts';
import type { Submission } from '../submission.ts';

/** What a measure saw. */
export interface Seen {
  good: boolean;
  observed: string;
  /** What led to it, line by line. */
  evidence?: string[];
}

/** What measures may use. */
export interface MeasureContext {
  docker: Docker;
  exercise: Exercise;
  parameters: Parameters;
  submission: Submission;
  /** The services that run. */
  plan: Plan;
  /** Places to measure from, and the way into containers. */
  lab: CheckContext;
  /** The same lab, as faults lay hands on it. */
  running: RunningLab;
  origins: Origins;
  /** How each of the submission's services came up. */
  starts: ReadonlyMap<string, Start>;
  /** A value that nobody could know before this grading: 32 hexadecimal digits, the same for the same name. */
  fresh(name: string): string;
  /**
   * Something that several checks of one submission share, made when it is first asked for and closed when the submission has been
   * graded.
   */
  shared<T extends { close(): Promise<void> }>(name: string, open: () => Promise<T>): Promise<T>;
  /** The stage's Compose project, whose label everything carries that is made beside it. */
  project: string;
  /** The stage's own /24. */
  block: string;
  /** Image references by part. */
  images: Readonly<Record<string, string>>;
  /** Says what was done to the submission so that it could be graded. */
  note(text: string): void;
  signal: AbortSignal;
}

/**
 * A way to measure a submission, by name in `exercise.yml`. What it throws: `failure` and plain errors of the wire count against the
 * submission; a `machineError` does not, it is tried again and then reported as not measured.
 */
export interface Measure<T extends z.ZodType = z.ZodType> {
  /** The shape of `with`. */
  options: T;
  /** What it changes in the stage while it runs; such measures run alone, one after the other. */
  alone?: boolean;
  run(context: MeasureContext, options: z.output<T>): Promise<Seen>;
}

/** Ties the type of the options to their schema. */
export function defineMeasure<T extends z.ZodType>(measure: Measure<T>): Measure {
  return measure as unknown as Measure;
}

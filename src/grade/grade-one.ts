import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { printable } from '../printable.ts';
import { adapted } from './adapted.ts';
import { digestOf } from './intake/digest.ts';
import type { LoadedExercise } from './exercise/load.ts';
import { derived, type Parameters } from './exercise/parameters.ts';
import type { GradeResult, Refusal } from './result.ts';
import { runExerciseChecks } from './run-checks.ts';
import { SharedThings } from './shared-things.ts';
import { guardDisk } from './stage/disk.ts';
import { scored } from './score.ts';
import type { Ground } from './stage/ground.ts';
import type { Submission } from './submission.ts';

export interface GradeOptions {
  docker: Docker;
  exercise: LoadedExercise;
  student: string;
  submission: Submission;
  stage: Ground;
  parameters: Parameters;
  /** The grader's key; what is fresh in a run is derived from it. */
  key: Buffer;
  /** Called while the submission's services still run. */
  beforeClear?: () => Promise<void>;
  signal: AbortSignal;
}

/** Grades one submission in a stage, and leaves the stage as it was. */
export async function gradeOne(options: GradeOptions): Promise<GradeResult> {
  const { docker, exercise, student, submission, stage, parameters, key } = options;
  const started = performance.now();
  const run = randomBytes(8).toString('hex');
  const things = new SharedThings();
  const { files, notes } = adapted(submission, exercise, stage, parameters);
  const unguarded = guardDisk(docker, stage.project, () => {
    notes.push('It wrote more to its volumes than the disk has for one submission, and was ended.');
  });
  try {
    const late = AbortSignal.timeout(exercise.limits.seconds * 1000);
    const signal = AbortSignal.any([options.signal, late]);
    const placed = await stage.place(files, signal);
    if ('refusals' in placed) return refusedResult(exercise, student, submission, placed.refusals);
    notes.push(...placed.notes);
    const { starts, own } = placed;
    const context = {
      ...{ docker, exercise, parameters, starts, signal },
      ...(own === undefined ? {} : { own }),
      submission: { ...submission, files },
      plan: stage.played,
      lab: stage.context,
      running: stage.running,
      origins: stage.origins,
      project: stage.project,
      block: stage.block,
      images: stage.plan.settings.images,
      note: (text: string) => void notes.push(printable(text).slice(0, 500)),
      shared: things.shared.bind(things),
      fresh: (name: string) => derived(key, run, student, name).slice(0, 32),
    };
    const checks = await runExerciseChecks(exercise, context, { late, givenUp: options.signal });
    await options.beforeClear?.();
    return {
      ...head(exercise, student, submission, run),
      ...scored(checks, exercise.passMark),
      notes: [...submission.notes, ...notes],
      refusals: [],
      checks,
      durationMs: Math.round(performance.now() - started),
    };
  } finally {
    unguarded();
    await things.close();
    await stage.clear();
  }
}

/** A submission that is not run at all: every check is blocked by that. */
export function refusedResult(
  exercise: LoadedExercise,
  student: string,
  submission: Submission,
  refusals: Refusal[],
): GradeResult {
  const observed = 'not measured, since the submission was refused';
  return { ...withoutMeasures(exercise, student, submission, 'blocked', observed), outcome: 'refused', refusals };
}

/** A submission that could not be run or cleared away, for whatever reason: there is no score. */
export function unmeasuredResult(
  exercise: LoadedExercise,
  student: string,
  submission: Submission,
  reason: string,
): GradeResult {
  const observed = printable(`could not be graded: ${reason}`).slice(0, 2000);
  return withoutMeasures(exercise, student, submission, 'not-measured', observed);
}

function withoutMeasures(
  exercise: LoadedExercise,
  student: string,
  submission: Submission,
  status: 'blocked' | 'not-measured',
  observed: string,
): GradeResult {
  const checks = exercise.checks.map(({ id, title, hidden, points, expected, reproduce, hint }) => ({
    ...{ id, title, hidden, points, expected, reproduce, hint },
    ...{ status, observed },
    earned: 0,
    blockedBy: null,
    evidence: [],
    durationMs: 0,
  }));
  return {
    ...head(exercise, student, submission, randomBytes(8).toString('hex')),
    ...scored(checks, exercise.passMark),
    notes: [...submission.notes],
    refusals: [],
    checks,
    durationMs: 0,
  };
}

/** What a result says of whom it is about. */
export function head(
  { lab, name, title }: LoadedExercise,
  student: string,
  submission: Submission,
  run: string,
): Pick<GradeResult, 'version' | 'lab' | 'exercise' | 'title' | 'student' | 'submission' | 'run' | 'gradedAt'> {
  return {
    version: 1,
    lab,
    exercise: name,
    title,
    student,
    submission: {
      name: submission.name,
      digest: digestOf(submission.files),
      files: [...submission.files].map(([path, text]) => ({ path, bytes: Buffer.byteLength(text) })),
    },
    run,
    gradedAt: new Date().toISOString(),
  };
}

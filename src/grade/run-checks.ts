import { setMaxListeners } from 'node:events';
import { UserError } from '../errors.ts';
import { printable } from '../printable.ts';
import type { Exercise, ExerciseCheck } from './exercise/schema.ts';
import { measures } from './measures/all.ts';
import type { MeasureContext, Seen } from './measures/measure.ts';
import type { GradedCheck } from './result.ts';

const longest = 2000;
const mostEvidence = 40;

/** What ends a grading early: its own time, or whoever started it. */
export interface Ends {
  late: AbortSignal;
  givenUp: AbortSignal;
}

/** The grader could not measure something for a reason of the machine, or for a mistake of its own. */
export class NotMeasured extends Error {
  override readonly name = 'NotMeasured';
}

/**
 * Measures every check of an exercise, in its order: what depends on a check that did not pass is blocked by it.
 * What a submission made the lab say is made printable and bounded here.
 */
export async function runExerciseChecks(
  exercise: Exercise,
  context: MeasureContext,
  { late, givenUp }: Ends,
): Promise<GradedCheck[]> {
  // Each check listens for the end of time, and so does whatever it waits for.
  setMaxListeners(0, late, context.signal);
  const results = new Map<string, GradedCheck>();
  const over = aborted(late);
  for (const check of exercise.checks) {
    givenUp.throwIfAborted();
    const blocker = check.dependsOn.map((id) => results.get(id)).find((one) => one?.status !== 'passed');
    results.set(
      check.id,
      blocker === undefined
        ? await measured(check, exercise, context, { late, over })
        : blocked(check, blocker, exercise.blocked),
    );
  }
  return [...results.values()];
}

async function measured(
  check: ExerciseCheck,
  exercise: Exercise,
  context: MeasureContext,
  { late, over }: { late: AbortSignal; over: Promise<void> },
): Promise<GradedCheck> {
  const started = performance.now();
  const measure = measures[check.measure];
  if (measure === undefined) throw new Error(`${check.id}: there is no measure ${check.measure}`);
  const options = measure.options.parse(check.with);
  const outOfTime: Seen = {
    good: false,
    observed: `not seen within the ${exercise.limits.seconds} s that one submission has`,
  };
  const seen = late.aborted
    ? outOfTime
    : await Promise.race([
        measure.run(context, options).catch((error: unknown) => (late.aborted ? outOfTime : outcomeOf(error))),
        over.then(() => outOfTime),
      ]);
  const durationMs = Math.round(performance.now() - started);
  if (seen instanceof NotMeasured)
    return {
      ...facts(check),
      status: 'not-measured',
      earned: 0,
      observed: bounded(seen.message),
      evidence: [],
      blockedBy: null,
      durationMs,
    };
  return {
    ...facts(check),
    status: seen.good ? 'passed' : 'failed',
    earned: seen.good ? check.points : 0,
    observed: bounded(seen.observed),
    evidence: (seen.evidence ?? []).slice(0, mostEvidence).map(bounded),
    blockedBy: null,
    durationMs,
  };
}

/** What is thrown counts against the submission when it is about the wire, and against the machine otherwise. */
function outcomeOf(error: unknown): Seen | NotMeasured {
  if (error instanceof UserError && error.exitCode !== 3)
    return {
      good: false,
      observed: error.problems.map(({ message, found }) => (found ? `${message}: ${found}` : message)).join('; '),
    };
  const { code } = error as NodeJS.ErrnoException;
  const message = error instanceof Error ? error.message : String(error);
  const ofTheWire = typeof code === 'string' && !(error instanceof UserError) && !/^(AGENT|PROBE)_/.test(code);
  return ofTheWire ? { good: false, observed: message } : new NotMeasured(message);
}

function blocked(check: ExerciseCheck, blocker: GradedCheck, treatment: Exercise['blocked']): GradedCheck {
  const root = blocker.blockedBy ?? blocker.id;
  const unmeasured = blocker.status === 'not-measured';
  return {
    ...facts(check),
    points: treatment === 'excused' ? 0 : check.points,
    status: unmeasured ? 'not-measured' : 'blocked',
    earned: 0,
    observed: unmeasured ? `${root} could not be measured` : `not measured, since ${root} did not pass`,
    evidence: [],
    blockedBy: root,
    durationMs: 0,
  };
}

function facts(
  check: ExerciseCheck,
): Pick<GradedCheck, 'id' | 'title' | 'hidden' | 'points' | 'expected' | 'reproduce' | 'hint'> {
  const { id, title, hidden, points, expected, reproduce, hint } = check;
  return { id, title, hidden, points, expected, reproduce, hint };
}

function bounded(text: string): string {
  const clean = printable(text.replace(/[\r\n\t]+/g, ' '));
  return clean.length <= longest ? clean : `${clean.slice(0, longest)}…`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

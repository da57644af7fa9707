import type Docker from 'dockerode';
import pLimit from 'p-limit';
import type { Emit } from '../../events.ts';
import { digestOf } from '../intake/digest.ts';
import type { LoadedExercise } from '../exercise/load.ts';
import { parametersFor, spokenTo } from '../exercise/parameters.ts';
import { gradeOne, refusedResult, unmeasuredResult } from '../grade-one.ts';
import { graderImages } from '../grader.ts';
import type { ClassResult, GradeResult, Refusal } from '../result.ts';
import { sweepStages } from '../stage/sweep.ts';
import type { Submission } from '../submission.ts';
import { jobsFor, memoryOf, processorTimes } from './capacity.ts';
import { StageKeeper } from './pool.ts';
import { Progress } from './progress.ts';
import type { ResultStore } from './store.ts';

/** One student's submission, opened when its turn comes. */
export interface Entry {
  student: string;
  name: string;
  open(): Promise<{ submission: Submission } | { refusals: Refusal[] }>;
}

export interface ClassOptions {
  docker: Docker;
  exercise: LoadedExercise;
  entries: readonly Entry[];
  /** The grader's own key, which students' parameters come from; without it everybody has the same. */
  key: Buffer | undefined;
  /** What fresh values are derived from: the key, or a random one. */
  freshKey: Buffer;
  /** How many at a time; default: what the machine was seen to bear. */
  jobs?: number;
  /** Where results are kept; without it, nowhere. */
  store?: ResultStore;
  onResult?: (result: GradeResult) => void;
  emit: Emit;
  signal: AbortSignal;
}

/** Grades submissions, several at a time. What was graded before, by a run that was cut off, is not graded again. */
export async function gradeClass(options: ClassOptions): Promise<ClassResult> {
  const { docker, exercise, entries, store, emit, signal } = options;
  const started = performance.now();
  const startedAt = store?.startedAt ?? new Date().toISOString();
  await sweepStages(docker);
  const images = await graderImages(docker, exercise, { emit, signal });
  const results = new Map<string, GradeResult>();
  const progress = new Progress(emit, entries.length);
  const waiting = [...entries];
  let jobs = options.jobs ?? 1;
  let decided = options.jobs !== undefined;

  const oneByOne = pLimit(1);
  const worker = async (): Promise<void> => {
    const keeper = new StageKeeper({ docker, exercise, images, signal }, oneByOne);
    try {
      for (let entry = waiting.shift(); entry !== undefined; entry = waiting.shift()) {
        signal.throwIfAborted();
        const graded = await gradeEntry(entry, options, keeper, progress);
        results.set(entry.student, graded.result);
        if (!graded.before) store?.save(graded.result);
        options.onResult?.(graded.result);
        if (!decided && graded.cost !== undefined) {
          decided = true;
          jobs = Math.min(jobsFor(graded.cost), waiting.length + 1);
          for (let more = 1; more < jobs; more += 1) workers.push(guarded());
        }
      }
    } finally {
      await keeper.close();
    }
  };
  let failure: unknown;
  const guarded = (): Promise<void> =>
    worker().catch((error: unknown) => {
      failure ??= error;
      waiting.length = 0;
    });
  const workers: Promise<void>[] = Array.from({ length: Math.max(1, Math.min(jobs, entries.length)) }, guarded);
  // Workers may be added while the first is at work.
  for (let index = 0; index < workers.length; index += 1) await workers[index];
  signal.throwIfAborted();
  if (failure !== undefined) throw failure;
  return {
    version: 1,
    lab: exercise.lab,
    exercise: exercise.name,
    title: exercise.title,
    startedAt,
    durationMs: Math.round(performance.now() - started),
    jobs,
    results: entries.map(({ student }) => results.get(student)).filter((one) => one !== undefined),
  };
}

interface Graded {
  result: GradeResult;
  /** It was graded by a run before this one. */
  before: boolean;
  /** What submissions share was as it should be to the end. */
  sound?: boolean;
  cost?: { memory: number; processors: number };
}

async function gradeEntry(
  entry: Entry,
  options: ClassOptions,
  keeper: StageKeeper,
  progress: Progress,
): Promise<Graded> {
  const { docker, key, freshKey, store, signal } = options;
  const { student, name } = entry;
  const parameters = parametersFor(options.exercise, key, student);
  const exercise = spokenTo(options.exercise, parameters);
  const opened = await entry.open();
  const before = store?.finished(
    student,
    'submission' in opened ? digestOf(opened.submission.files) : digestOf(new Map()),
  );
  if (before !== undefined) {
    progress.before(student);
    return { result: before, before: true };
  }
  progress.started(student);
  if ('refusals' in opened) {
    const result = refusedResult(exercise, student, { name, files: new Map(), notes: [] }, opened.refusals);
    progress.done(result);
    return { result, before: false };
  }
  const grade = async (fresh: boolean): Promise<Graded> => {
    const stage = await keeper.stageFor(parameters, fresh);
    const [from, at] = [processorTimes(), performance.now()];
    let memory = 0;
    const result = await gradeOne({
      ...{ docker, exercise, student, parameters, key: freshKey, stage, signal },
      submission: opened.submission,
      beforeClear: async () => void (memory = await memoryOf(docker, stage.project)),
    }).catch(async (error: unknown) => {
      signal.throwIfAborted();
      // One submission ends nobody else's grading. Where it is the machine that fails, no new stage can be opened, and that is thrown.
      await keeper.close();
      const reason = error instanceof Error ? error.message : String(error);
      return unmeasuredResult(exercise, student, opened.submission, reason);
    });
    const to = processorTimes();
    // Jiffies are hundredths of a second (USER_HZ, proc(5)).
    const processors = (to.busy - from.busy) / 100 / ((performance.now() - at) / 1000);
    const sound = result.outcome !== 'not-measured' && (await stage.isWhole());
    return { result, before: false, sound, cost: { memory, processors } };
  };
  let graded = await grade(false);
  // A reason of the machine may be gone in a stage that is new.
  if (graded.sound !== true) graded = await grade(true);
  progress.done(graded.result);
  return graded;
}

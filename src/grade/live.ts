import { randomBytes } from 'node:crypto';
import { inputError, UserError } from '../errors.ts';
import { step, type Emit } from '../events.ts';
import { activeFaults } from '../faults/record.ts';
import { runningLab } from '../faults/running-lab.ts';
import { openRunning, type Open } from '../life/running.ts';
import { measuring } from '../life/verify.ts';
import type { LoadedExercise } from './exercise/load.ts';
import { derived, parametersFor } from './exercise/parameters.ts';
import type { Exercise, ExerciseCheck } from './exercise/schema.ts';
import { head } from './grade-one.ts';
import type { GradeResult } from './result.ts';
import { runExerciseChecks } from './run-checks.ts';
import { scored } from './score.ts';
import { SharedThings } from './shared-things.ts';
import { Origins } from './stage/origins.ts';

export interface LiveOptions {
  exercise: LoadedExercise;
  /** The project’s name; undefined: the one that is meant where there is only one. */
  project: string | undefined;
  student: string;
  /** What is fresh in a run is derived from it. */
  key: Buffer;
  emit: Emit;
  signal: AbortSignal;
}

/**
 * Grades a running lab in which something was broken on purpose and somebody has repaired it by hand. What stays broken on record
 * (`lab break`, `lab practice`) is what the exercise’s checks are about; `lab fix` strikes it off, and is no repair.
 * @throws UserError `EXERCISE_NOT_LIVE`, `LIVE_OTHER_LAB`, `LIVE_NOT_BROKEN`, `PROJECT_DOWN`; as `openProject`
 */
export async function gradeLive(options: LiveOptions): Promise<GradeResult> {
  const { exercise, student, key } = options;
  if (!exercise.live)
    throw inputError('EXERCISE_NOT_LIVE', {
      message: `${exercise.name} is about files, and is not graded on a running lab`,
      fix: `\`lab grade DIR --exercise ${exercise.name}\``,
    });
  const open = await openRunning(options.project).catch(asInput);
  refuseOther(open, exercise);
  const faults = await brokenOf(open, exercise);
  const live = {
    ...exercise,
    checks: liveChecks(exercise, faults).map((check) => inProject(check, exercise.lab, open)),
  };
  const started = performance.now();
  const run = randomBytes(8).toString('hex');
  const late = AbortSignal.timeout(exercise.limits.seconds * 1000);
  const signal = AbortSignal.any([options.signal, late]);
  const { docker, project } = open;
  const submission = { name: project.name, files: new Map<string, string>(), notes: [] };
  const notes = [`measured on the running project ${project.name}, in which this was broken: ${faults.join(', ')}`];
  const things = new SharedThings();
  const running = runningLab(docker, project.plan, project.folder);
  try {
    const checks = await step(options.emit, ['live'], `Measuring ${project.name}`, () =>
      measuring(docker, project, { signal }, (lab) =>
        runExerciseChecks(
          live,
          {
            ...{ docker, exercise: live, submission, lab, running, signal },
            parameters: parametersFor(exercise, undefined, student),
            plan: project.plan,
            origins: new Origins(docker, project.name, []),
            starts: new Map(),
            project: project.name,
            block: project.plan.settings.block,
            images: project.plan.settings.images,
            note: (text) => void notes.push(text),
            shared: things.shared.bind(things),
            fresh: (name) => derived(key, run, student, name).slice(0, 32),
          },
          { late, givenUp: options.signal },
        ),
      ),
    );
    return {
      ...head(exercise, student, submission, run),
      ...scored(checks, exercise.passMark),
      notes,
      refusals: [],
      checks,
      durationMs: Math.round(performance.now() - started),
    };
  } finally {
    await things.close();
    running.close();
  }
}

/** That nothing runs is no failed grading (exit code 1). */
function asInput(error: unknown): never {
  if (error instanceof UserError && error.code === 'PROJECT_DOWN') throw inputError(error.code, error.problems, error);
  throw error;
}

/** Containers are named after the project, which exercises take to be called like the lab. */
function inProject<T extends { reproduce: string }>(check: T, lab: string, { project }: Open): T {
  return { ...check, reproduce: check.reproduce.replaceAll(`${lab}-`, `${project.name}-`) };
}

function refuseOther({ project }: Open, exercise: LoadedExercise): void {
  const { name } = project.plan.lab;
  if (name === exercise.lab) return;
  throw inputError('LIVE_OTHER_LAB', {
    message: `${exercise.name} is an exercise of the lab ${exercise.lab}`,
    found: `the project ${project.name} is ${name}`,
    fix: '`--project` names another one',
  });
}

/** The exercise’s faults that are in the lab by its record. */
async function brokenOf({ project }: Open, exercise: LoadedExercise): Promise<string[]> {
  const active = (await activeFaults(project.folder)).map(({ fault }) => fault);
  const drills = exercise.drills.map(({ fault }) => fault);
  const broken = drills.filter((fault) => active.includes(fault));
  if (broken.length > 0) return broken;
  throw inputError('LIVE_NOT_BROKEN', {
    message: `nothing was broken in ${project.name} that ${exercise.name} is about`,
    found: active.length === 0 ? 'no fault is on record' : `on record: ${active.join(', ')}`,
    fix: `\`lab break ${drills[0] ?? ''}\` first; repairing is done by hand, as \`lab fix\` strikes the fault off the record`,
  });
}

/** Checks that need no files of a submission, and are about what was broken. Those that they would depend on are left out. */
export function liveChecks(
  { checks, drills }: Pick<Exercise, 'checks' | 'drills'>,
  faults: readonly string[],
): ExerciseCheck[] {
  const drilled = drills.map(({ fault }) => fault);
  const kept = checks.filter(({ live, with: { fault } }) => {
    const about = typeof fault === 'string' && drilled.includes(fault) ? fault : undefined;
    return live && (about === undefined || faults.includes(about));
  });
  const ids = kept.map(({ id }) => id);
  return kept.map((check) => ({ ...check, dependsOn: check.dependsOn.filter((id) => ids.includes(id)) }));
}

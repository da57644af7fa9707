import type Docker from 'dockerode';
import type { Emit } from '../events.ts';
import type { LoadedExercise } from './exercise/load.ts';
import { parametersFor } from './exercise/parameters.ts';
import { gradeOne } from './grade-one.ts';
import { graderImages } from './grader.ts';
import { proveExercise, type Proof } from './prove.ts';
import { openStage } from './stage/open.ts';
import { sweepStages } from './stage/sweep.ts';

/** Proves an exercise on the engine: every known submission scores what it declares. */
export async function proveOnEngine(
  docker: Docker,
  exercise: LoadedExercise,
  { emit, signal, only }: { emit: Emit; signal: AbortSignal; only?: (name: string) => boolean },
): Promise<Proof[]> {
  await sweepStages(docker);
  const images = await graderImages(docker, exercise, { emit, signal });
  const parameters = parametersFor(exercise, undefined, 'proof');
  const stage = await openStage({ docker, exercise, parameters, images, signal });
  try {
    return await proveExercise(
      exercise,
      parameters,
      async (known, key) => {
        emit({ type: 'step-started', step: [exercise.name, known.name], title: `${exercise.name}: ${known.name}` });
        const submission = { name: known.name, files: known.files, notes: [] };
        const options = { docker, exercise, student: known.name, submission, stage, parameters, key, signal };
        const result = await gradeOne(options);
        // As in a class: what the machine kept from being measured is measured once more.
        return result.outcome === 'not-measured' ? gradeOne(options) : result;
      },
      {
        ...(only === undefined ? {} : { only }),
        onProof: ({ name, differences, result }) => {
          const step = [exercise.name, name];
          const detail = `${result.summary.percent} %`;
          if (differences.length === 0) emit({ type: 'step-done', step, detail });
          else emit({ type: 'step-failed', step, detail: `${detail}; ${differences.join('; ')}` });
        },
      },
    );
  } finally {
    await stage.close();
  }
}

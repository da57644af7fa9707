import type Docker from 'dockerode';
import type { Emit } from '../events.ts';
import { step } from '../events.ts';
import { ensureImages } from '../engine/images/build.ts';
import { imageReferences } from '../engine/images/hash.ts';
import { installation } from '../installation.ts';
import { loadLab } from '../life/labs.ts';
import { offlineSettings } from '../life/offline-settings.ts';
import { makePlan } from '../plan/plan.ts';
import type { LoadedExercise } from './exercise/load.ts';

/** The images that an exercise is graded with, built where they are missing. */
export async function graderImages(
  docker: Docker,
  exercise: LoadedExercise,
  { emit, signal }: { emit: Emit; signal: AbortSignal },
): Promise<Record<string, string>> {
  const references = imageReferences(installation.root);
  const lab = await loadLab(exercise.lab);
  const plan = makePlan(lab, offlineSettings(lab, { project: 'grading', ports: {}, grafana: false }, references));
  const used = new Set(plan.services.map(({ image }) => image));
  const parts = Object.keys(references).filter(
    (part) =>
      used.has(references[part] ?? '') ||
      part === 'probe' ||
      (part === 'origin' && exercise.stage.origins.length > 0) ||
      exercise.images.includes(part),
  );
  await step(emit, ['images'], 'Images', () => ensureImages(docker, installation.root, { emit, signal, only: parts }));
  return references;
}

import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type * as z from 'zod';
import { inputError, type Problem } from '../../errors.ts';
import { installation } from '../../installation.ts';
import { didYouMean } from '../../lab/nearest-name.ts';
import { readSource } from '../../lab/source.ts';
import { consistencyProblems } from './consistency.ts';
import { exerciseSchema, variantSchema, type Exercise, type Variant } from './schema.ts';

/** An exercise with the place where its files lie. */
export interface LoadedExercise extends Exercise {
  lab: string;
  folder: string;
}

/** Folders of all exercises by name: `labs/<lab>/exercises/<name>/`. */
async function exerciseFolders(): Promise<Map<string, { lab: string; folder: string }>> {
  const labs = await readdir(installation.labs);
  const found = await Promise.all(
    labs.map(async (lab) => {
      const folder = join(installation.labs, lab, 'exercises');
      const names = await readdir(folder, { withFileTypes: true }).catch(() => []);
      return names
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => [name, { lab, folder: join(folder, name) }] as const);
    }),
  );
  return new Map(found.flat().sort(([a], [b]) => a.localeCompare(b)));
}

export async function exerciseNames(): Promise<string[]> {
  return [...(await exerciseFolders()).keys()];
}

/** @throws UserError `EXERCISE_UNKNOWN`, `EXERCISE_INVALID` with all problems at once */
export async function loadExercise(name: string): Promise<LoadedExercise> {
  const folders = await exerciseFolders();
  const found = folders.get(name);
  if (found === undefined) {
    const names = [...folders.keys()];
    throw inputError('EXERCISE_UNKNOWN', {
      message: `there is no exercise "${name}"`,
      expected: names.join(', '),
      ...didYouMean(name, names),
    });
  }
  const file = join(found.folder, 'exercise.yml');
  return { ...readExercise(await readFile(file, 'utf8'), file), ...found };
}

/** @throws UserError `EXERCISE_INVALID` */
export function readExercise(text: string, file: string): Exercise {
  const exercise = parsed(exerciseSchema, text, file);
  const problems = consistencyProblems(exercise);
  if (problems.length === 0) return exercise;
  const source = readSource(text, file);
  throw inputError(
    'EXERCISE_INVALID',
    problems.map(({ path, message }) => ({ message, where: source.placeOf(path) })),
  );
}

/** @throws UserError `EXERCISE_INVALID` */
export function readVariant(text: string, file: string): Variant {
  return parsed(variantSchema, text, file);
}

function parsed<T extends z.ZodType>(schema: T, text: string, file: string): z.output<T> {
  const source = readSource(text, file);
  const result = source.readable ? schema.safeParse(source.value) : undefined;
  if (result?.success === true && source.problems.length === 0) return result.data;
  const issues: Problem[] = (result?.error?.issues ?? []).map(({ path, message }) => ({
    message: `${path.join('.')}: ${message}`,
    where: source.placeOf(path),
  }));
  throw inputError('EXERCISE_INVALID', [...source.problems, ...issues]);
}

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { loadExercise } from '../../src/grade/exercise/load.ts';
import { parametersFor } from '../../src/grade/exercise/parameters.ts';
import { knownSubmissions, type KnownSubmission } from '../../src/grade/variants.ts';

/** The known submissions of an exercise: solution, starter, nothing, variants. */
export async function knownOf(name: string): Promise<KnownSubmission[]> {
  const exercise = await loadExercise(name);
  return knownSubmissions(exercise, parametersFor(exercise, undefined, 'x'));
}

/** Writes texts by path into a folder. */
export async function writeTree(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, text] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** A class: as many students as wanted, each with one of the known submissions, in turn. @returns the students' folders */
export async function writeClass(folder: string, exercise: string, students: number): Promise<string[]> {
  const known = await knownOf(exercise);
  const folders = Array.from({ length: students }, (_, index) =>
    join(folder, `s-${String(index + 1).padStart(3, '0')}`),
  );
  for (const [index, place] of folders.entries())
    await writeTree(place, known[index % known.length]?.files ?? new Map());
  return folders;
}

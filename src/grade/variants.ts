import { existsSync } from 'node:fs';
import { readFile, readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readVariant, type LoadedExercise } from './exercise/load.ts';
import { withParameters, type Parameters } from './exercise/parameters.ts';
import type { Variant } from './exercise/schema.ts';

/** A submission that comes with the exercise, and what it must score. */
export interface KnownSubmission {
  name: string;
  files: Map<string, string>;
  declared: Variant;
}

/** Texts of a folder of the exercise, written for one student. */
export async function ownFiles(
  exercise: LoadedExercise,
  folder: string,
  parameters: Parameters,
): Promise<Map<string, string>> {
  const root = join(exercise.folder, folder);
  if (!existsSync(root)) return new Map();
  const entries = await readdir(root, { withFileTypes: true, recursive: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'variant.yml');
  const texts = await Promise.all(
    files.map(async ({ parentPath, name }) => {
      const place = join(parentPath, name);
      return [relative(root, place), withParameters(await readFile(place, 'utf8'), exercise, parameters)] as const;
    }),
  );
  return new Map(texts.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The solution, the starter, nothing at all, and every variant. A variant holds what differs from the solution. */
export async function knownSubmissions(exercise: LoadedExercise, parameters: Parameters): Promise<KnownSubmission[]> {
  const [solution, starter] = await Promise.all([
    ownFiles(exercise, 'solution', parameters),
    ownFiles(exercise, 'starter', parameters),
  ]);
  const root = join(exercise.folder, 'variants');
  const names = existsSync(root) ? (await readdir(root)).sort() : [];
  const variants = await Promise.all(
    names.map(async (name) => {
      const file = join(root, name, 'variant.yml');
      const declared = readVariant(await readFile(file, 'utf8'), file);
      const own = await ownFiles(exercise, join('variants', name), parameters);
      const files = new Map([...solution, ...own]);
      for (const path of declared.without) files.delete(path);
      return { name: `variants/${name}`, files, declared };
    }),
  );
  const plain = { failed: [], without: [], right: true };
  return [
    { name: 'solution', files: solution, declared: { ...plain, about: 'the solution', percent: 100 } },
    { name: 'starter', files: starter, declared: { ...plain, about: 'the starter', percent: 10, right: false } },
    { name: 'empty', files: new Map(), declared: { ...plain, about: 'nothing', percent: 0, right: false } },
    ...variants,
  ];
}

import { posix } from 'node:path';
import type { Exercise } from '../exercise/schema.ts';
import type { Entry } from './entry.ts';
import { shown } from './refused.ts';

/** A file that is taken, under the path at which the exercise asks for it. */
export interface Taken {
  path: string;
  entry: Entry;
  maxBytes: number;
}

/** Whether the exercise knows this path. */
export function asks({ files }: Pick<Exercise, 'files'>, path: string): boolean {
  return files.some((file) => file.path === path || file.alsoKnownAs.includes(path));
}

/** Which file is which of those that the exercise asks for; each is taken once. Those that fit best go first. */
export function match(
  { files: declared }: Pick<Exercise, 'files'>,
  files: readonly Entry[],
): { taken: Taken[]; notes: string[] } {
  const taken: Taken[] = [];
  const notes: string[] = [];
  const open = new Set(declared);
  const free = new Map(files.map((entry) => [entry.path, entry]));
  const take = (file: Exercise['files'][number], path: string) => {
    const entry = free.get(path);
    if (entry === undefined || !open.delete(file)) return;
    free.delete(path);
    taken.push({ path: file.path, entry, maxBytes: file.maxBytes });
    if (path !== file.path) notes.push(`${shown(path)} was taken for ${file.path}.`);
  };

  for (const file of declared) take(file, file.path);
  for (const file of declared) for (const other of file.alsoKnownAs) take(file, other);
  for (const file of declared) for (const name of ownBasenames(file, declared)) take(file, name);
  const required = declared.filter((file) => file.required);
  const [lone] = files;
  if (files.length === 1 && required.length === 1 && lone && required[0]) take(required[0], lone.path);
  return { taken, notes };
}

/** Whether something lies where a file that is asked for could be, or is a folder above it. */
export function inTheWay({ files: declared }: Pick<Exercise, 'files'>, path: string): boolean {
  return declared.some((file) =>
    [file.path, ...file.alsoKnownAs, ...ownBasenames(file, declared)].some(
      (asked) => asked === path || asked.startsWith(`${path}/`),
    ),
  );
}

/** Names at the top that can only mean this file. */
function ownBasenames(file: Exercise['files'][number], declared: Exercise['files']): string[] {
  const namesOf = ({ path, alsoKnownAs }: Exercise['files'][number]) =>
    [path, ...alsoKnownAs].map((one) => posix.basename(one));
  const others = new Set(declared.filter((other) => other !== file).flatMap(namesOf));
  return namesOf(file).filter((name) => !others.has(name));
}

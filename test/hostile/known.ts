import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/lab.ts';

/** The files of an exercise's solution, by path: what is hostile is added to them, so that nothing else could cost points. */
export function solutionOf(exercise: string): Record<string, string> {
  const folder = join(root, 'labs/secured-monitored/exercises', exercise, 'solution');
  const entries = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  return Object.fromEntries(
    entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .map((path) => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]),
  );
}

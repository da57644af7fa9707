import type { Entry } from './entry.ts';
import { shown } from './refused.ts';

/**
 * Learning platforms wrap what is handed in into a folder named after the student: what lies in it is meant.
 * @param asked whether a path is one that the exercise knows, so that its first folder is no wrapping
 */
export function withoutTopFolder(
  entries: readonly Entry[],
  asked: (path: string) => boolean,
): { entries: readonly Entry[]; notes: string[] } {
  const notes: string[] = [];
  let left = entries;
  for (;;) {
    const top = left[0]?.path.split('/')[0];
    const prefix = `${top}/`;
    const below = left.filter(({ path }) => path.startsWith(prefix));
    const others = left.filter(({ path, kind }) => !path.startsWith(prefix) && !(path === top && kind === 'folder'));
    if (top === undefined || below.length === 0 || others.length > 0) break;
    if (below.some(({ path, kind }) => kind !== 'folder' && asked(path))) break;
    notes.push(`Everything lies in the folder ${shown(top)}, which was left out of the paths.`);
    left = below.map((entry) => ({ ...entry, path: entry.path.slice(prefix.length) }));
  }
  return { entries: left, notes };
}

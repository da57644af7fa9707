import { limits } from './limits.ts';
import { refusal, refuse } from './refused.ts';
import type { Refusal } from '../result.ts';

/** What operating systems, editors and version control add by themselves. */
const clutter = new Set(['__macosx', '.ds_store', '.git', 'thumbs.db', 'desktop.ini']);

/**
 * The path that an entry's name means, relative to the submission: no `.`, no empty parts, no slash at the end.
 * It is `''` for the submission itself.
 * @throws Refused SUBMISSION_PATH when the name could mean a place outside, or is no name that people give
 */
export function safePath(name: string): string {
  const wrong = whatIsWrong(name);
  if (wrong !== undefined) refuse('SUBMISSION_PATH', wrong, name);
  return name
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/');
}

function whatIsWrong(name: string): string | undefined {
  if (/\p{Cc}/u.test(name)) return 'A file’s name holds control characters.';
  if (name.includes('\\')) return 'A file’s name holds a backslash.';
  // A drive letter counts below folders too: these may be taken away.
  if (name.startsWith('/') || /(^|\/)[a-z]:/i.test(name)) return 'A file has an absolute path.';
  if (name.split('/').includes('..')) return 'A file’s path leads out of the submission.';
  if (name.length > limits.path) return `A file’s path is longer than ${limits.path} characters.`;
  return undefined;
}

/** Whether it is left out without a word: nobody handed it in on purpose. */
export function isClutter(path: string): boolean {
  return path.split('/').some((part) => clutter.has(part.toLowerCase()) || part.startsWith('._'));
}

export function depthOf(path: string): number {
  return path.split('/').length;
}

/** Two files of one name, or of names that are one on some systems: which of them counts would be chance. */
export function duplicates(files: readonly string[], folders: readonly string[]): Refusal[] {
  const seen = new Set<string>();
  const twice = (path: string) =>
    refusal('SUBMISSION_DUPLICATE', 'There is more than one file of this name (capitals do not count).', path);
  const refusals: Refusal[] = [];
  for (const path of files) {
    const key = folded(path);
    if (seen.has(key)) refusals.push(twice(path));
    seen.add(key);
  }
  const above = new Set<string>(folders.map(folded));
  for (const path of files) for (const folder of foldersAbove(path)) above.add(folded(folder));
  for (const path of files) if (above.has(folded(path))) refusals.push(twice(path));
  return refusals.slice(0, 5);
}

function foldersAbove(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function folded(path: string): string {
  return path.normalize('NFKC').toLowerCase();
}

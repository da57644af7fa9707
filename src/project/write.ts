import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync, rmSync, rmdirSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { inputError } from '../errors.ts';
import type { Lock } from './lock.ts';
import { replaceFile } from './replace-file.ts';

/** A file to be: its place below the project's folder, what is in it, and who may read it. */
export interface ProjectFile {
  path: string;
  content: string;
  /** Secret files are readable by this user alone, and left out of the manifest's digests. */
  secretOf?: number;
}

export interface WriteResult {
  written: string[];
  unchanged: string[];
  removed: string[];
}

/**
 * Writes what changed and removes what an earlier writing made and this one does not; nothing else.
 * Each file appears whole or not at all. The lock goes first, naming old and new files alike, so that a
 * writing that is cut off leaves nothing that nobody knows of.
 * @throws as `replaceFile`
 */
export function writeFiles(
  root: string,
  files: readonly ProjectFile[],
  lock: Lock,
  before: Lock | undefined,
): WriteResult {
  const result: WriteResult = { written: [], unchanged: [], removed: [] };
  const known = Object.keys(before?.files ?? {});
  const kept = new Set(files.map(({ path }) => normalize(path)));
  const gone = known.filter((path) => !kept.has(normalize(path)));
  if (gone.length > 0 || Object.keys(lock.files).some((path) => !known.includes(path))) {
    writeOne(root, lockFile({ ...lock, files: { ...before?.files, ...lock.files } }));
  }
  for (const file of files) {
    const changed = writeOne(root, file);
    (changed ? result.written : result.unchanged).push(file.path);
  }
  for (const path of gone) {
    removeFile(root, path);
    result.removed.push(path);
  }
  writeOne(root, lockFile(lock));
  return result;
}

function lockFile(lock: Lock): ProjectFile {
  return { path: 'lab.lock.json', content: `${JSON.stringify(lock, null, 2)}\n` };
}

/** Removes a file and the folders that this leaves empty. @throws UserError `PROJECT_PATH` */
export function removeFile(root: string, path: string): void {
  const place = inside(root, path);
  if (!existsSync(dirname(place))) return;
  const folder = realpathSync(dirname(place));
  // A folder that was replaced by a link leads elsewhere, and what is there is not ours.
  if (!within(realpathSync(root), folder)) return;
  rmSync(place, { force: true });
  rmSync(`${place}.new`, { force: true });
  removeEmpty(dirname(place), root);
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

function writeOne(root: string, { path, content, secretOf }: ProjectFile): boolean {
  return replaceFile(inside(root, path), content, secretOf);
}

/** A manifest is a file that anybody can edit: it cannot make us touch what lies outside the project. */
function inside(root: string, path: string): string {
  if (isBelow(root, path)) return join(root, normalize(path));
  throw inputError('PROJECT_PATH', {
    message: `${path} leads out of the project's folder`,
    where: { file: join(root, 'lab.lock.json') },
  });
}

/** Whether a relative path stays below `root`, links aside. */
export function isBelow(root: string, path: string): boolean {
  return within(root, join(root, normalize(path))) && join(root, normalize(path)) !== root;
}

function within(root: string, place: string): boolean {
  return place === root || place.startsWith(root.endsWith(sep) ? root : root + sep);
}

function removeEmpty(folder: string, root: string): void {
  for (let place = folder; place.startsWith(root); place = dirname(place)) {
    if (!isEmpty(place)) return;
    rmdirSync(place);
  }
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { inputError } from '../errors.ts';
import type { Lock } from './lock.ts';

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
 */
export async function writeFiles(root: string, files: readonly ProjectFile[], lock: Lock, before: Lock | undefined): Promise<WriteResult> {
  const result: WriteResult = { written: [], unchanged: [], removed: [] };
  const known = Object.keys(before?.files ?? {});
  const kept = new Set(files.map(({ path }) => normalize(path)));
  const gone = known.filter((path) => !kept.has(normalize(path)));
  if (gone.length > 0 || Object.keys(lock.files).some((path) => !known.includes(path))) {
    await writeOne(root, lockFile({ ...lock, files: { ...before?.files, ...lock.files } }));
  }
  for (const file of files) {
    const changed = await writeOne(root, file);
    (changed ? result.written : result.unchanged).push(file.path);
  }
  for (const path of gone) {
    await removeFile(root, path);
    result.removed.push(path);
  }
  await writeOne(root, lockFile(lock));
  return result;
}

/**
 * Removes what the lock names, the lock itself and the folders left empty.
 * @returns whether the folder is gone; files of other origin keep it
 */
export async function removeFiles(root: string, lock: Lock): Promise<boolean> {
  for (const path of [...Object.keys(lock.files), 'lab.lock.json']) await removeFile(root, path);
  return !existsSync(root);
}

function lockFile(lock: Lock): ProjectFile {
  return { path: 'lab.lock.json', content: `${JSON.stringify(lock, null, 2)}\n` };
}

async function removeFile(root: string, path: string): Promise<void> {
  const place = inside(root, path);
  await rm(place, { force: true });
  await rm(`${place}.new`, { force: true });
  await removeEmpty(dirname(place), root);
}

/** SHA-256 of a text, in hexadecimal. */
export function sha256(content: string): string {
  return createHash('sha256').update(content).digest('hex');
}

async function writeOne(root: string, file: ProjectFile): Promise<boolean> {
  const place = inside(root, file.path);
  const secret = file.secretOf !== undefined;
  await mkdir(dirname(place), { recursive: true, mode: secret ? 0o700 : 0o755 });
  const same = (await readFile(place, 'utf8').catch(() => undefined)) === file.content;
  if (!same) {
    const fresh = `${place}.new`;
    await rm(fresh, { force: true });
    await writeFile(fresh, file.content, { mode: secret ? 0o400 : 0o644 });
    if (file.secretOf !== undefined) await giveTo(fresh, file.secretOf);
    await rename(fresh, place);
  } else if (file.secretOf !== undefined) {
    await giveTo(place, file.secretOf);
  }
  return !same;
}

/**
 * Only root can give a file away. Others leave it readable inside the container that mounts it; on
 * the host the folder around it, open to its owner alone, still keeps everybody else out.
 */
async function giveTo(place: string, uid: number): Promise<void> {
  const { uid: owner, mode } = await stat(place);
  if (owner === uid && (mode & 0o777) === 0o400) return;
  try {
    await chown(place, uid, uid);
    await chmod(place, 0o400);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    await chmod(place, 0o444);
  }
}

/** A manifest is a file that anybody can edit: it cannot make us touch what lies outside the project. */
function inside(root: string, path: string): string {
  const place = join(root, normalize(path));
  if (!place.startsWith(root.endsWith(sep) ? root : root + sep)) {
    throw inputError('PROJECT_PATH', { message: `${path} leads out of the project's folder`, where: { file: join(root, 'lab.lock.json') } });
  }
  return place;
}

async function removeEmpty(folder: string, root: string): Promise<void> {
  for (let place = folder; place.startsWith(root); place = dirname(place)) {
    const left = await readdir(place).catch(() => ['gone']);
    if (left.length > 0) return;
    await rmdir(place);
  }
}

import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, readFile, readdir, realpath, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { inputError, machineError } from '../errors.ts';
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
 * @throws UserError `PROJECT_WRITE` when the machine does not let it, with what is in the way
 */
export async function writeFiles(
  root: string,
  files: readonly ProjectFile[],
  lock: Lock,
  before: Lock | undefined,
): Promise<WriteResult> {
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

function lockFile(lock: Lock): ProjectFile {
  return { path: 'lab.lock.json', content: `${JSON.stringify(lock, null, 2)}\n` };
}

/** Removes a file and the folders that this leaves empty. @throws UserError `PROJECT_PATH` */
export async function removeFile(root: string, path: string): Promise<void> {
  const place = inside(root, path);
  const folder = await realpath(dirname(place)).catch(() => undefined);
  if (folder === undefined) return;
  // A folder that was replaced by a link leads elsewhere, and what is there is not ours.
  if (!within(await realpath(root), folder)) return;
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
  try {
    return await replace(place, file);
  } catch (error) {
    throw cannotWrite(place, error as NodeJS.ErrnoException);
  }
}

/** The mode is set apart from making: the containers' users read configuration, whatever the caller's umask. */
async function replace(place: string, { content, secretOf }: ProjectFile): Promise<boolean> {
  await makeFolder(dirname(place), secretOf === undefined ? 0o755 : 0o700);
  const same = (await readFile(place, 'utf8').catch(() => undefined)) === content;
  if (!same) {
    const fresh = `${place}.new`;
    await rm(fresh, { force: true });
    await writeFile(fresh, content, { mode: secretOf === undefined ? 0o644 : 0o400 });
    await (secretOf === undefined ? chmod(fresh, 0o644) : giveTo(fresh, secretOf));
    await rename(fresh, place);
  } else if (secretOf !== undefined) {
    await giveTo(place, secretOf);
  }
  return !same;
}

async function makeFolder(folder: string, mode: number): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) await chmod(made, mode);
}

const obstacles: Record<string, string> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a file stands where a folder has to be',
  EEXIST: 'a file stands where a folder has to be',
  EISDIR: 'a folder stands where a file has to be',
  ENOTEMPTY: 'a folder stands where a file has to be',
};

function cannotWrite(place: string, error: NodeJS.ErrnoException): Error {
  const found = obstacles[error.code ?? ''];
  if (found === undefined) return error;
  return machineError(
    'PROJECT_WRITE',
    { message: `cannot write ${place}`, found, fix: 'mend that and run it again' },
    error,
  );
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

async function removeEmpty(folder: string, root: string): Promise<void> {
  for (let place = folder; place.startsWith(root); place = dirname(place)) {
    const left = await readdir(place).catch(() => ['gone']);
    if (left.length > 0) return;
    await rmdir(place);
  }
}

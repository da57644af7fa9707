import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
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

function writeOne(root: string, file: ProjectFile): boolean {
  const place = inside(root, file.path);
  try {
    return replace(place, file);
  } catch (error) {
    throw cannotWrite(place, error as NodeJS.ErrnoException);
  }
}

/** The mode is set apart from making: the containers' users read configuration, whatever the caller's umask. */
function replace(place: string, { content, secretOf }: ProjectFile): boolean {
  makeFolder(dirname(place), secretOf === undefined ? 0o755 : 0o700);
  const same = textOf(place) === content;
  if (!same) {
    const fresh = `${place}.new`;
    writeFresh(fresh, content, secretOf === undefined ? 0o644 : 0o400);
    if (secretOf === undefined) chmodSync(fresh, 0o644);
    else giveTo(fresh, secretOf);
    renameSync(fresh, place);
  } else if (secretOf !== undefined) {
    giveTo(place, secretOf);
  }
  return !same;
}

function textOf(place: string): string | undefined {
  try {
    return readFileSync(place, 'utf8');
  } catch {
    return undefined;
  }
}

/** What stands there, perhaps from a writing that was cut off, is removed and never written into. */
function writeFresh(place: string, content: string, mode: number): void {
  try {
    writeFileSync(place, content, { mode, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    rmSync(place);
    writeFileSync(place, content, { mode, flag: 'wx' });
  }
}

function makeFolder(folder: string, mode: number): void {
  const first = mkdirSync(folder, { recursive: true, mode });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, mode);
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
function giveTo(place: string, uid: number): void {
  const { uid: owner, mode } = statSync(place);
  if (owner === uid && (mode & 0o777) === 0o400) return;
  try {
    chownSync(place, uid, uid);
    chmodSync(place, 0o400);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
    chmodSync(place, 0o444);
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

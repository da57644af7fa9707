import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { machineError } from '../errors.ts';

/**
 * Puts a file at `place`, whole or not at all, and says whether it was another before. The mode is set apart from making: the
 * containers' users read configuration, whatever the caller's umask.
 * @param secretOf the user that alone may read it
 * @throws UserError `PROJECT_WRITE` when the machine does not let it, with what is in the way
 */
export function replaceFile(place: string, content: string, secretOf: number | undefined): boolean {
  try {
    return replace(place, content, secretOf);
  } catch (error) {
    throw cannotWrite(place, error as NodeJS.ErrnoException);
  }
}

function replace(place: string, content: string, secretOf: number | undefined): boolean {
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

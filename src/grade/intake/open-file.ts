import { constants, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { bytes } from './limits.ts';
import { refuse } from './refused.ts';

/** What the look at a path said; the file that is opened must be the same one. */
export type Seen = Pick<Stats, 'dev' | 'ino'>;

/**
 * Opens a regular file and nothing else: no link is followed, no pipe waited for. What it is, is asked of the opened
 * file, since its name may mean another one by now.
 * @param path on this machine
 * @param where its path in the submission, for messages
 * @param seen what was looked at before
 * @throws Refused SUBMISSION_LINK, SUBMISSION_KIND, SUBMISSION_CHANGED, SUBMISSION_UNREADABLE
 */
export async function openRegular(path: string, where: string, seen?: Seen): Promise<FileHandle> {
  const handle = await openUnfollowed(path, constants.O_NONBLOCK, where);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) refuse('SUBMISSION_KIND', 'Neither a file nor a folder: a device, pipe or socket.', where);
    if (stats.nlink > 1) refuse('SUBMISSION_LINK', 'A hard link: the file has a second name elsewhere.', where);
    if (seen !== undefined) sameAs(stats, seen, where);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** @throws Refused SUBMISSION_LINK, SUBMISSION_CHANGED, SUBMISSION_UNREADABLE */
export async function openFolder(path: string, where: string, seen?: Seen): Promise<FileHandle> {
  const handle = await openUnfollowed(path, constants.O_DIRECTORY, where);
  try {
    if (seen !== undefined) sameAs(await handle.stat(), seen, where);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function openUnfollowed(path: string, flag: number, where: string): Promise<FileHandle> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | flag);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ELOOP' || code === 'EMLINK') refuse('SUBMISSION_LINK', 'A symbolic link.', where);
    // What was a folder, and cannot be opened as one, has been replaced; a socket cannot be opened at all.
    if (code === 'ENOTDIR') refuse('SUBMISSION_CHANGED', 'It was replaced while the submission was read.', where);
    if (code === 'ENXIO') refuse('SUBMISSION_KIND', 'Neither a file nor a folder: a device, pipe or socket.', where);
    refuse('SUBMISSION_UNREADABLE', `It cannot be read (${code ?? 'unknown reason'}).`, where);
  }
}

function sameAs(stats: Stats, seen: Seen, where: string): void {
  if (stats.dev !== seen.dev || stats.ino !== seen.ino)
    refuse('SUBMISSION_CHANGED', 'It was replaced while the submission was read.', where);
}

/**
 * What an opened file holds, whatever its size was said to be.
 * @throws Refused SUBMISSION_TOO_LARGE
 */
export async function readBounded(handle: FileHandle, most: number, where: string): Promise<Buffer> {
  const { size } = await handle.stat();
  if (size > most) tooLarge(most, where);
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const room = Buffer.allocUnsafe(Math.min(1 << 16, most + 1 - total));
    const { bytesRead } = await handle.read(room, 0, room.length, total);
    if (bytesRead === 0) return Buffer.concat(chunks);
    chunks.push(room.subarray(0, bytesRead));
    total += bytesRead;
    if (total > most) tooLarge(most, where);
  }
}

export function tooLarge(most: number, where: string): never {
  refuse('SUBMISSION_TOO_LARGE', `It is larger than ${bytes(most)}.`, where);
}

import { constants, existsSync } from 'node:fs';
import { lstat, opendir, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { unreadable, type Entry, type Holder } from './entry.ts';
import type { Deadline } from './limits.ts';
import { isClutter, safePath } from './names.ts';
import { openFolder, openRegular, readBounded } from './open-file.ts';
import { Tally } from './tally.ts';

/** A folder that is held open: what its name means later does not matter. */
interface Held {
  handle: FileHandle;
  /** The way to it through its name. */
  named: string;
}

const throughHandles = existsSync('/proc/self/fd');

/** A way to a folder's child that no rename and no link above it can bend; Node.js has no openat(2). */
function childOf({ handle, named }: Held, name: string): string {
  return join(throughHandles ? `/proc/self/fd/${handle.fd}` : named, name);
}

/**
 * Lists a folder without following one link. Its folders stay open until `close`, and files are read through them.
 * @throws Refused
 */
export async function openFolderOf(path: string, deadline: Deadline): Promise<Holder> {
  const held: Held[] = [];
  const close = async () => {
    await Promise.all(held.splice(0).map(({ handle }) => handle.close()));
  };
  try {
    const tally = new Tally(deadline);
    const top = { handle: await openFolder(path, '.'), named: path };
    held.push(top);
    await list(top, '', tally, held);
    return { entries: tally.entries, archive: false, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function list(folder: Held, above: string, tally: Tally, held: Held[]): Promise<void> {
  const names: string[] = [];
  // Its handle is open, so this path is the folder's own: O_DIRECTORY has seen to it that it is one.
  for await (const { name } of await opendir(childOf(folder, '.'))) {
    tally.count();
    names.push(name);
  }
  for (const name of names.sort()) {
    const path = safePath(above === '' ? name : `${above}/${name}`);
    if (isClutter(path)) continue;
    const entry = await look(folder, name, path);
    tally.add(entry);
    if (entry.kind !== 'folder') continue;
    const below = {
      handle: await openFolder(childOf(folder, name), path, entry.seen),
      named: join(folder.named, name),
    };
    held.push(below);
    await list(below, path, tally, held);
  }
}

async function look(folder: Held, name: string, path: string): Promise<Entry & { seen: { dev: number; ino: number } }> {
  const found = await lstat(childOf(folder, name)).catch(() => undefined);
  const seen = { dev: found?.dev ?? -1, ino: found?.ino ?? -1 };
  // A name that is gone, or that is no UTF-8, is nothing to read.
  if (found === undefined) return { path, kind: 'special', bytes: 0, seen, read: unreadable };
  if (found.isDirectory()) return { path, kind: 'folder', bytes: 0, seen, read: unreadable };
  if (found.isSymbolicLink() || found.nlink > 1) return { path, kind: 'link', bytes: 0, seen, read: unreadable };
  if ((found.mode & constants.S_IFMT) !== constants.S_IFREG)
    return { path, kind: 'special', bytes: 0, seen, read: unreadable };
  const read = async (most: number) => {
    const handle = await openRegular(childOf(folder, name), path, seen);
    try {
      return await readBounded(handle, most, path);
    } finally {
      await handle.close();
    }
  };
  return { path, kind: 'file', bytes: found.size, seen, read };
}

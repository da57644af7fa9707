import { lstat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { isArchiveName, openContent } from './archive.ts';
import type { Holder } from './entry.ts';
import { openFolderOf } from './folder.ts';
import { limits, type Deadline } from './limits.ts';
import { openRegular, readBounded } from './open-file.ts';
import { refuse } from './refused.ts';

/** Where a submission is: on this machine, or within a learning platform's export. */
export type Source =
  | { path: string }
  | {
      name: string;
      /** @throws Refused */
      open(deadline: Deadline): Promise<Holder>;
    };

/** The folder's or archive's own name. */
export function nameOf(source: Source): string {
  return 'path' in source ? basename(resolve(source.path)) : source.name;
}

/**
 * What a submission holds. Where that is one archive and nothing else, as some platforms pack it, it is what the
 * archive holds; an archive within that one is not opened.
 * @throws Refused
 */
export async function openSource(source: Source, deadline: Deadline): Promise<Holder> {
  const outer = await openOuter(source, deadline);
  const [lone, ...others] = outer.entries.filter(({ kind }) => kind !== 'folder');
  if (lone === undefined || others.length > 0 || lone.kind !== 'file' || !isArchiveName(lone.path)) return outer;
  try {
    return await openContent(basename(lone.path), await lone.read(limits.archive, deadline), deadline);
  } finally {
    await outer.close();
  }
}

async function openOuter(source: Source, deadline: Deadline): Promise<Holder> {
  if (!('path' in source)) return source.open(deadline);
  // Without a slash at its end, which would make a link count as the folder that it leads to.
  const path = resolve(source.path);
  const seen = await lstat(path).catch(({ code }: NodeJS.ErrnoException) =>
    refuse('SUBMISSION_UNREADABLE', `The submission cannot be read (${code ?? 'unknown reason'}).`),
  );
  if (seen.isDirectory()) return openFolderOf(path, deadline);
  return openContent(basename(path), await contentOf(path), deadline);
}

/**
 * A whole archive or single file.
 * @throws Refused
 */
export async function contentOf(path: string, most: number = limits.archive): Promise<Buffer> {
  const handle = await openRegular(path, basename(path));
  try {
    return await readBounded(handle, most, basename(path));
  } finally {
    await handle.close();
  }
}

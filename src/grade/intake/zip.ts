import { constants } from 'node:fs';
import type { Readable } from 'node:stream';
import { fromBufferPromise, getFileNameLowLevel, type Entry as ZipEntry, type ZipFile } from 'yauzl';
import { unreadable, type Entry } from './entry.ts';
import type { Deadline } from './limits.ts';
import { isClutter, safePath } from './names.ts';
import { tooLarge } from './open-file.ts';
import { refuse, Refused } from './refused.ts';
import type { Taker } from './tally.ts';

/**
 * Lists a zip that is in memory. Sizes that it states are not believed: each file is inflated up to a bound.
 * @throws Refused
 */
export async function listZip(content: Buffer, taker: Taker): Promise<void> {
  // Names are decoded here: yauzl would end at the first bad one with words of its own.
  const zip = await asArchive(() => fromBufferPromise(content, { decodeStrings: false }));
  await asArchive(async () => {
    for await (const entry of zip.eachEntry()) {
      const name = getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, true);
      taker.take(name, () => entryOf(zip, entry, name));
    }
  });
}

function entryOf(zip: ZipFile, entry: ZipEntry, name: string): Entry {
  const path = safePath(name);
  const kind = kindOf(entry, name);
  if (kind !== 'file') return { path, kind, bytes: 0, read: unreadable };
  if (entry.isEncrypted() && !isClutter(path)) encrypted(path);
  const read = (most: number, deadline: Deadline) =>
    asArchive(async () => gather(await zip.openReadStreamPromise(entry), most, path, deadline));
  return { path, kind, bytes: entry.uncompressedSize, read };
}

/** From the upper half of the external attributes, whatever system the zip says that it was made on. */
function kindOf({ externalFileAttributes }: ZipEntry, name: string): Entry['kind'] {
  const type = (externalFileAttributes >>> 16) & constants.S_IFMT;
  if (type === constants.S_IFLNK) return 'link';
  if (type !== 0 && type !== constants.S_IFREG && type !== constants.S_IFDIR) return 'special';
  return type === constants.S_IFDIR || name.endsWith('/') ? 'folder' : 'file';
}

async function gather(stream: Readable, most: number, path: string, deadline: Deadline): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let total = 0;
  // Leaving the loop ends the stream.
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    deadline.check();
    total += chunk.length;
    if (total > most) tooLarge(most, path);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function encrypted(path?: string): never {
  refuse('SUBMISSION_ENCRYPTED', 'The zip is encrypted.', path);
}

async function asArchive<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refused) throw error;
    if (/encrypt/i.test(String(error))) encrypted();
    refuse('SUBMISSION_ARCHIVE', 'The zip is damaged or not one that can be read.');
  }
}

import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { extract, type Extract, type Header } from 'tar-stream';
import { unreadable, type Entry } from './entry.ts';
import { bytes, type Deadline } from './limits.ts';
import { safePath } from './names.ts';
import { tooLarge } from './open-file.ts';
import { refuse, Refused } from './refused.ts';
import type { Taker } from './tally.ts';

/**
 * @param most bytes that it may become
 * @throws Refused SUBMISSION_TOO_LARGE, SUBMISSION_ARCHIVE
 */
export async function inflate(content: Buffer, most: number): Promise<Buffer> {
  try {
    return await promisify(gunzip)(content, { maxOutputLength: most });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE')
      refuse('SUBMISSION_TOO_LARGE', `The archive holds more than ${bytes(most)}.`);
    return damaged();
  }
}

/**
 * Lists a tar that is in memory. Files are windows on that memory.
 * @throws Refused
 */
export async function listTar(content: Buffer, deadline: Deadline, taker: Taker): Promise<void> {
  const parser = extract();
  let refused: unknown;
  parser.on('entry', (header, stream, next) => {
    // It ends with the parser's error, which is heard below; unheard it would end the whole process.
    stream.on('error', () => undefined);
    try {
      taker.take(header.name, () => entryOf(header, content));
    } catch (error) {
      refused = error;
      parser.destroy();
      return;
    }
    stream.on('end', next);
    stream.resume();
  });
  parser.on('error', (error) => {
    refused ??= error;
  });
  const closed = new Promise<void>((resolve) => parser.once('close', () => resolve()));
  // Block by block, so that a header which is made to be slow cannot outrun the deadline by more than itself.
  for (let at = 0; at < content.length && refused === undefined; at += block) {
    if (at % (64 * block) === 0) await setImmediate();
    deadline.check();
    if (!parser.write(content.subarray(at, at + block))) await drained(parser, closed);
  }
  if (refused === undefined) parser.end(null);
  await closed;
  if (refused instanceof Refused) throw refused;
  if (refused !== undefined) damaged();
}

const block = 512;

async function drained(parser: Extract, closed: Promise<unknown>): Promise<void> {
  await Promise.race([new Promise<void>((resolve) => parser.once('drain', () => resolve())), closed]);
}

function entryOf(header: Header, content: Buffer): Entry {
  const path = safePath(header.name);
  const kind = kindOf(header);
  if (kind !== 'file') return { path, kind, bytes: 0, read: unreadable };
  const size = header.size ?? 0;
  const start = (header as Header & { byteOffset: number }).byteOffset;
  const read = (most: number) => {
    if (size > most) tooLarge(most, path);
    if (start + size > content.length) damaged();
    return Promise.resolve(content.subarray(start, start + size));
  };
  return { path, kind, bytes: size, read: async (most) => read(most) };
}

function kindOf({ type }: Header): Entry['kind'] {
  if (type === 'directory') return 'folder';
  if (type === 'link' || type === 'symlink') return 'link';
  return type === 'file' ? 'file' : 'special';
}

function damaged(): never {
  refuse('SUBMISSION_ARCHIVE', 'The archive is damaged or not one that can be read.');
}

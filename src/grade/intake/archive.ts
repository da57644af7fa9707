import type { Entry, Holder } from './entry.ts';
import { limits, type Deadline } from './limits.ts';
import { safePath } from './names.ts';
import { tooLarge } from './open-file.ts';
import { refuse } from './refused.ts';
import { Tally, type Taker } from './tally.ts';
import { inflate, listTar } from './tar.ts';
import { listZip } from './zip.ts';

const names = /\.(zip|tar|tgz|gz|tar\.gz)$/i;
const others = /\.(rar|7z|bz2|tbz2?|xz|txz|zst)$/i;

/** Whether these bytes are a zip, a tar or something compressed with gzip, by what they begin with. */
export function isArchive(content: Buffer): boolean {
  return isZip(content) || isGzip(content) || isTar(content);
}

/** Whether a file of this name is meant to be an archive that can be read. */
export function isArchiveName(name: string): boolean {
  return names.test(name);
}

/**
 * Lists an archive that is in memory.
 * @param name its own, for archives of kinds that are not read
 * @param inflated bytes that a compressed tar may become
 * @returns false when it is no archive
 * @throws Refused
 */
export async function listArchive(
  name: string,
  content: Buffer,
  deadline: Deadline,
  taker: Taker,
  inflated: number = limits.inflated,
): Promise<boolean> {
  if (isZip(content)) await listZip(content, taker);
  else if (isGzip(content)) await listTar(await inflate(content, inflated), deadline, taker);
  else if (isTar(content)) await listTar(content, deadline, taker);
  else if (names.test(name)) refuse('SUBMISSION_ARCHIVE', 'It is named like an archive and is none.');
  else if (others.test(name)) refuse('SUBMISSION_ARCHIVE', 'Archives are read as .zip, .tar and .tar.gz.');
  else return false;
  return true;
}

/**
 * An archive, or one single file as if it were the only one in an archive.
 * @throws Refused
 */
export async function openContent(name: string, content: Buffer, deadline: Deadline): Promise<Holder> {
  const tally = new Tally(deadline);
  if (!(await listArchive(name, content, deadline, tally))) tally.add(single(name, content));
  return { entries: tally.entries, archive: true, close: () => Promise.resolve() };
}

function single(name: string, content: Buffer): Entry {
  return {
    path: safePath(name),
    kind: 'file',
    bytes: content.length,
    read: async (most) => bounded(name, content, most),
  };
}

function bounded(name: string, content: Buffer, most: number): Buffer {
  if (content.length > most) tooLarge(most, name);
  return content;
}

function isZip(content: Buffer): boolean {
  return [0x04034b50, 0x06054b50].includes(content.length < 4 ? 0 : content.readUInt32LE(0));
}

function isGzip(content: Buffer): boolean {
  return content[0] === 0x1f && content[1] === 0x8b;
}

function isTar(content: Buffer): boolean {
  return content.subarray(257, 262).toString('latin1') === 'ustar';
}

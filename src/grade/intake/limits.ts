import { performance } from 'node:perf_hooks';
import { refuse } from './refused.ts';

const KiB = 1024;
const MiB = 1024 * KiB;

/** What an honest submission stays far below, and what one machine reads for two hundred of them at once. */
export const limits = {
  /** Files and folders, those that are always left out aside. */
  entries: 200,
  /** All that an archive or folder holds, with a version control's own folder: no list is longer in memory. */
  listed: 5000,
  /** Folders above a file, plus the file. */
  depth: 8,
  /** Characters of a path. */
  path: 240,
  /** Bytes of one file of a whole project. Other exercises say it for each file. */
  projectFile: 64 * KiB,
  /** Bytes of all files that are read. */
  read: 8 * MiB,
  /** Bytes that one compressed stream may become. */
  inflated: 64 * MiB,
  /** Bytes of an archive as it lies on disk, or within another archive. */
  archive: 32 * MiB,
  /** Milliseconds for one submission. */
  time: 20_000,
  /** Bytes of a learning platform's export on disk, and of what it becomes when it is one compressed stream. */
  export: 512 * MiB,
  /** All that an export holds. */
  exportListed: 100_000,
  /** Milliseconds to list an export. */
  exportTime: 300_000,
} as const;

/** A moment after which nothing more is read. */
export interface Deadline {
  /** @throws Refused SUBMISSION_TIMEOUT */
  check(): void;
}

/** @param milliseconds from now */
export function deadlineIn(milliseconds: number): Deadline {
  const end = performance.now() + milliseconds;
  return {
    check() {
      if (performance.now() > end)
        refuse('SUBMISSION_TIMEOUT', `The submission could not be read within ${milliseconds / 1000} seconds.`);
    },
  };
}

/** A number of bytes in the words of a message. */
export function bytes(count: number): string {
  if (count >= MiB && count % MiB === 0) return `${count / MiB} MiB`;
  return count >= KiB && count % KiB === 0 ? `${count / KiB} KiB` : `${count} bytes`;
}

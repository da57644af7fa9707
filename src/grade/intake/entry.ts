import type { Deadline } from './limits.ts';

/** Something that a submission's folder or archive holds. Nothing of it was read yet. */
export interface Entry {
  /** Of `safePath`. */
  path: string;
  kind: 'file' | 'folder' | 'link' | 'special';
  /** As stated; what is read may be more or less, and is bounded by itself. */
  bytes: number;
  /**
   * Its contents.
   * @param most bytes
   * @throws Refused SUBMISSION_TOO_LARGE when there is more, SUBMISSION_TIMEOUT
   */
  read(most: number, deadline: Deadline): Promise<Buffer>;
}

/** A submission's folder or archive, opened. */
export interface Holder {
  entries: Entry[];
  /**
   * Links and special files that may simply be left out: a student's folder may hold them beside what was asked for.
   * Whoever packs them into an archive is refused.
   */
  archive: boolean;
  close(): Promise<void>;
}

export function unreadable(): Promise<Buffer> {
  return Promise.reject(new Error('only files are read'));
}

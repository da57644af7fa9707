import type { Exercise } from '../exercise/schema.ts';
import type { Refusal } from '../result.ts';
import type { Submission } from '../submission.ts';
import { isArchive } from './archive.ts';
import type { Holder } from './entry.ts';
import { bytes, deadlineIn, limits, type Deadline } from './limits.ts';
import { refusal, refuse, Refused, shown } from './refused.ts';
import { select, type Selection } from './select.ts';
import { nameOf, openSource, type Source } from './source.ts';
import { decode } from './text.ts';

/**
 * Reads a folder, an archive (zip, tar, tar.gz) or a single file that nobody vouches for. Nothing of it is written
 * anywhere, nothing is followed out of it, and all of it is bounded: bytes, names, depth and time.
 * @param milliseconds for all of it
 */
export async function openSubmission(
  from: string | Source,
  exercise: Exercise,
  milliseconds: number = limits.time,
): Promise<{ submission: Submission } | { refusals: Refusal[] }> {
  const source = typeof from === 'string' ? { path: from } : from;
  let timer: NodeJS.Timeout | undefined;
  // Beside the checks on the way: a file system that does not answer comes to none of them.
  const late = new Promise<never>((_, reject) => {
    const over = refusal(
      'SUBMISSION_TIMEOUT',
      `The submission could not be read within ${milliseconds / 1000} seconds.`,
    );
    timer = setTimeout(() => reject(new Refused([over])), milliseconds);
  });
  try {
    return { submission: await Promise.race([read(source, exercise, milliseconds), late]) };
  } catch (error) {
    if (error instanceof Refused) return { refusals: [...error.refusals] };
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

async function read(source: Source, exercise: Exercise, milliseconds: number): Promise<Submission> {
  const deadline = deadlineIn(milliseconds);
  const holder: Holder = await openSource(source, deadline);
  try {
    const { files, notes } = await contents(select(holder, exercise), exercise, deadline);
    return { name: shown(nameOf(source)), files, notes };
  } finally {
    await holder.close();
  }
}

async function contents({ taken, notes: before }: Selection, { takes }: Exercise, deadline: Deadline) {
  const files = new Map<string, string>();
  const notes = [...before];
  const refusals: Refusal[] = [];
  let left: number = limits.read;
  for (const { path, entry, maxBytes } of taken) {
    deadline.check();
    try {
      const content = await entry.read(maxBytes, deadline);
      left -= content.length;
      if (left < 0) refuse('SUBMISSION_TOO_LARGE', `All files together are larger than ${bytes(limits.read)}.`);
      if (takes === 'files' && isArchive(content))
        refuse('SUBMISSION_ARCHIVE', 'An archive where a text file is asked for.', entry.path);
      const text = decode(content, entry.path);
      files.set(path, text.text);
      notes.push(...text.notes.map((note) => `${shown(entry.path)} ${note}.`));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      refusals.push(...error.refusals);
      if (left < 0) break;
    }
  }
  if (refusals.length > 0) throw new Refused(refusals.slice(0, 5));
  return { files, notes };
}

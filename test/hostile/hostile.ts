import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GradeResult } from '../../src/grade/result.ts';

/** What hostile submissions know of the machine that grades them: more than a real one would. */
export interface Target {
  /** A file of the host, readable for everybody. Its text must never be seen anywhere. */
  secret: string;
  /** A file that must not come to be. */
  trace: string;
  /** Addresses of the host, and a TCP port on which it listens there. Nobody may ever connect. */
  hosts: readonly string[];
  port: number;
}

/** Seconds that something hostile sleeps, by which it is found among the processes of the machine. */
export const neverEnds = '987654';

export interface Hostile {
  /** Its folder's name where it has no other: a student's. */
  name: string;
  /** What it tries. */
  tries: string;
  /** What must come out. `most`: percent; 100 where what it does beside being right changes nothing. */
  outcome: { refused: string } | { most: number };
  /** What its container is seen to write: it has run, and has not failed before it could do harm. */
  says?: string;
  /** What its result is seen to note: that the grader has acted. */
  noted?: string;
  /** Writes it where a student's submission lies, or beside it under an extension of its own. @returns its path */
  write(place: string, target: Target): Promise<string> | string;
}

type Text = string | ((target: Target) => string);

/** A submission that is one file, or a few. */
export function ofFiles(
  name: string,
  tries: string,
  outcome: Hostile['outcome'],
  files: (target: Target) => Readonly<Record<string, string>>,
): Hostile {
  return {
    name,
    tries,
    outcome,
    write: async (place, target) => {
      for (const [path, text] of Object.entries(files(target))) {
        await mkdir(dirname(join(place, path)), { recursive: true });
        await writeFile(join(place, path), text);
      }
      return place;
    },
  };
}

/** Makes submissions that are one file each, always at the same path. */
export function filesAt(path: string) {
  return (name: string, tries: string, most: number, text: Text): Hostile =>
    ofFiles(name, tries, { most }, (target) => ({ [path]: typeof text === 'string' ? text : text(target) }));
}

/** Whether a result is what was declared; in words, when not. */
export function differs({ outcome, noted = '' }: Hostile, result: GradeResult): string | undefined {
  const seen = [result.outcome, ...result.refusals.map(({ code }) => code), `${result.summary.percent} %`].join(' ');
  if ('refused' in outcome) {
    const right = result.outcome === 'refused' && result.refusals.some(({ code }) => code === outcome.refused);
    return right ? undefined : `${seen}, not refused with ${outcome.refused}`;
  }
  if (noted !== '' && !result.notes.some((note) => note.includes(noted))) return `it is not noted that it ${noted}`;
  const right = result.outcome === 'graded' && result.summary.percent <= outcome.most;
  return right ? undefined : `${seen}, not graded with ${outcome.most} % at most`;
}

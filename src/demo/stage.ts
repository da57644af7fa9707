import { setTimeout as sleep } from 'node:timers/promises';
import wrapAnsi from 'wrap-ansi';
import type { Colours } from '../report/colours.ts';

/** Where a demo plays: it writes, and waits as long as an audience needs. */
export interface Stage {
  readonly colours: Colours;
  write(text: string): void;
  /** As if somebody typed it. */
  type(text: string): Promise<void>;
  /** Long enough for that many characters to be read. */
  letRead(characters: number): Promise<void>;
}

export interface StageOptions {
  colours: Colours;
  /** 1 is the pace of somebody who explains; Infinity does not wait at all. */
  speed: number;
  signal: AbortSignal;
  write(text: string): void;
  /** Told of every pause that is left out, in milliseconds at a speaker's pace: a recording has it all the same. */
  leaveOut?(ms: number): void;
}

/** Columns that everything is written in, whatever the terminal has, so that a demo looks alike everywhere. */
export const columns = 88;

const typingMs = 22;
const readingMs = 38;
const [shortestMs, longestMs] = [900, 9000];

export function makeStage({ colours, speed, signal, write, leaveOut }: StageOptions): Stage {
  const pause = async (ms: number): Promise<void> => {
    signal.throwIfAborted();
    if (Number.isFinite(speed)) await sleep(ms / speed, undefined, { signal });
    else leaveOut?.(ms);
  };
  return {
    colours,
    write,
    type: async (text) => {
      for (const character of text) {
        write(character);
        await pause(typingMs);
      }
    },
    letRead: (characters) => pause(Math.min(longestMs, Math.max(shortestMs, characters * readingMs))),
  };
}

/** A line that goes on does not begin with the space at which it was broken. */
function further(line: string, index: number): string {
  return index === 0 ? line : line.trimStart();
}

/** Text in the demo's columns, each line with something before it. */
export function inColumns(text: string, before = ''): string {
  return text
    .trimEnd()
    .split('\n')
    .flatMap((line) =>
      wrapAnsi(line, columns - before.length, { hard: true, trim: false })
        .split('\n')
        .map(further),
    )
    .map((line) => `${before}${line.trimEnd()}`)
    .join('\n');
}

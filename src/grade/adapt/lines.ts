import type { Adapted } from '../submission.ts';

/** What an adaptation makes of one line: other text, a note, or both. `text: ''` leaves the line out. */
export interface Change {
  text?: string;
  /** What was done and why, without the line's number. Lines with the same note share one. */
  note: string;
}

/** More notes than this tell nobody more. The rest is counted. */
const mostNotes = 60;
const mostLines = 12;
const longestNote = 300;
/** Characters. MySQL reads lines in pieces of 4 KiB, HAProxy refuses more than 64 words: nobody writes longer ones by hand. */
const longestLine = 4096;

/** Text of a submission for a note: on one line, printable, not longer than 80 characters. */
export function shown(text: string): string {
  const start = text.slice(0, 81).replace(/[^\x20-\x7e]/g, '?');
  return start.length > 80 ? `${start.slice(0, 77)}...` : start;
}

/**
 * Lets `change` look at each line and collects its notes with the lines' numbers. Very long lines stay. A line that is left out stays as an empty
 * one: messages of the service then name the lines that the student knows.
 */
export function changeLines(text: string, change: (line: string, number: number) => Change | undefined): Adapted {
  const numbers = new Map<string, number[]>();
  const lines = text.split('\n').map((whole, index) => {
    const end = whole.endsWith('\r') ? '\r' : '';
    const line = end === '' ? whole : whole.slice(0, -1);
    const changed = line.length > longestLine ? undefined : change(line, index + 1);
    if (changed === undefined) return whole;
    const known = numbers.get(changed.note);
    if (known === undefined) numbers.set(changed.note, [index + 1]);
    else known.push(index + 1);
    return changed.text === undefined ? whole : changed.text + end;
  });
  return { text: lines.join('\n'), notes: boundedNotes(numbers) };
}

function boundedNotes(numbers: ReadonlyMap<string, readonly number[]>): string[] {
  const notes = [...numbers].slice(0, mostNotes).map(([note, lines]) => `${named(lines)}: ${shortened(note)}`);
  return numbers.size > mostNotes ? [...notes, `and ${numbers.size - mostNotes} more changes like these`] : notes;
}

function shortened(note: string): string {
  return note.length > longestNote ? `${note.slice(0, longestNote - 3)}...` : note;
}

/** `line 3`, `lines 3, 5-9`. */
function named(lines: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const line of lines) {
    const last = ranges.at(-1);
    if (last?.[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  const words = ranges.slice(0, mostLines).map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`));
  if (ranges.length > mostLines) words.push(`and ${ranges.length - mostLines} more places`);
  return `${lines.length === 1 ? 'line' : 'lines'} ${words.join(', ')}`;
}

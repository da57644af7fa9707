import { printable } from '../../printable.ts';

/** Bytes of UTF-8 that one field of a report has at most. */
export const maxFieldBytes = 4096;

const mark = '…';

/** The start of a text, marked where it was cut; never cut inside a character. */
export function bounded(text: string): string {
  // A UTF-16 unit takes at least one byte, so what lies beyond need not be looked at.
  const start = text.slice(0, maxFieldBytes + 1);
  if (start.length === text.length && Buffer.byteLength(text) <= maxFieldBytes) return text;
  const room = maxFieldBytes - Buffer.byteLength(mark);
  let bytes = 0;
  let end = 0;
  for (const character of start) {
    bytes += Buffer.byteLength(character);
    if (bytes > room) break;
    end += character.length;
  }
  return text.slice(0, end) + mark;
}

/** The same on one line without what could deceive; the bound holds for what is shown. */
export function boundedPrintable(text: string): string {
  return bounded(printable(bounded(text)));
}

/** The same for a command of several lines, whose line ends stay. */
export function boundedCommand(text: string): string {
  return bounded(bounded(text).trimEnd().split('\n').map(printable).join('\n'));
}

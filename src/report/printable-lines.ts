import { stripVTControlCharacters } from 'node:util';
import { printable } from '../printable.ts';

/** Text of a program that may have coloured it, on one line. */
export function printableLine(text: string): string {
  return printable(stripVTControlCharacters(text).trimEnd());
}

/** Text of several lines, such as the last ones that a container wrote, each made safe to show. */
export function printableLines(text: string): string {
  return stripVTControlCharacters(text).trimEnd().split('\n').map(printable).join('\n');
}

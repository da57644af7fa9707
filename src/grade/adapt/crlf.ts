import type { Adaptation } from '../submission.ts';

/** Line ends of Windows. HAProxy and MySQL read them as spaces (seen on 3.0 and 9.7); a shell takes them for part of a word. */
export const crlf: Adaptation = (text) => {
  if (!text.includes('\r\n')) return { text, notes: [] };
  const lines = text.split('\r\n');
  const first = lines[0]!.split('\n').length;
  const adapted = text.replace(/\r\n/g, '\n');
  return {
    text: adapted,
    notes: [`line ${first} and ${lines.length - 2} more: line ends of Windows were made those of Linux`],
  };
};

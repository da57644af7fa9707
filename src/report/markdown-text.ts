import { printable } from '../printable.ts';

/** Words that Markdown takes as words: no markup, no HTML, no link, no cell of a table. */
export function markdownText(words: string): string {
  return printable(words).replace(/[\\`*_{}[\]()#+!|<>~&@:]|(?<=www)\./gi, (mark) =>
    mark === ':' || mark === '@' || mark === '.' ? `&#${mark.charCodeAt(0)};` : `\\${mark}`,
  );
}

/** A code span, fenced by one more backtick than the longest run inside (CommonMark 6.1). */
export function markdownCode(words: string): string {
  const shown = printable(words);
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const room = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${room}${shown}${room}${fence}`;
}

/** Lines of a fenced code block; the fence is longer than any run of backticks inside. */
export function markdownBlock(words: string): string[] {
  const longest = Math.max(2, ...(words.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  return [fence, ...words.split('\n').map(printable), fence];
}

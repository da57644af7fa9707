/** A word of a line of HAProxy's configuration, with the place of what was written in it. */
export interface Word {
  /** Without quotes and escapes. */
  value: string;
  from: number;
  to: number;
}

const space = /\s/;

/**
 * The words of a line, up to its comment, as HAProxy 3.0 tells them apart (configuration manual, 2.2: quoting and escaping).
 * `$VARIABLE`s stay as they are written.
 */
export function wordsOf(line: string): Word[] {
  const words: Word[] = [];
  let at = 0;
  while (at < line.length && line[at] !== '#') {
    if (space.test(line[at]!)) {
      at += 1;
      continue;
    }
    const from = at;
    const parts: string[] = [];
    let quote = '';
    for (; at < line.length; at += 1) {
      const c = line[at]!;
      if (quote === '' && (space.test(c) || c === '#')) break;
      if (c === quote) quote = '';
      else if (quote === '' && (c === '"' || c === "'")) quote = c;
      else if (c === '\\' && quote !== "'" && at + 1 < line.length) {
        at += 1;
        parts.push(unescaped(line[at]!, quote));
      } else parts.push(c);
    }
    words.push({ value: parts.join(''), from, to: at });
  }
  return words;
}

function unescaped(c: string, quote: string): string {
  const plain = quote === '' ? /[\s#\\"']/ : /[\\"$]/;
  return { n: '\n', r: '\r', t: '\t' }[c] ?? (plain.test(c) ? c : `\\${c}`);
}

/** A word as it must be written so that HAProxy reads it as `value`. */
export function written(value: string): string {
  if (value === '') return '""';
  return value.replace(/[\s\\#"']/g, (c) => ({ '\n': '\\n', '\r': '\\r', '\t': '\\t' })[c] ?? `\\${c}`);
}

/** `line` with some of its words replaced; `replacements` goes by the words' order. */
export function replaced(line: string, words: readonly Word[], replacements: ReadonlyMap<number, string>): string {
  const parts: string[] = [];
  let at = 0;
  for (const [index, word] of words.entries()) {
    const replacement = replacements.get(index);
    if (replacement === undefined) continue;
    parts.push(line.slice(at, word.from), replacement);
    at = word.to;
  }
  return parts.join('') + line.slice(at);
}

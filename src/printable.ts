// Control characters, line ends, what is invisible or changes the direction of writing, lone surrogates, and the
// two that XML 1.0 cannot hold.
const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/gu;

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Text from a lab, made safe to show on one line: a hostile server may send any character, and unsafe ones are
 * written out, for example as `\n`, `\x1b` or `\u202e`.
 */
export function printable(text: string): string {
  return text.replace(unsafe, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const hex = code.toString(16);
    if (code <= 0xff) return short[character] ?? `\\x${hex.padStart(2, '0')}`;
    return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
  });
}

/** JSON of the same value in which unsafe characters inside strings are escaped, as JSON allows. */
export function printableJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(unsafe, (character) =>
    // Line ends outside strings are the document's own: JSON.stringify has escaped all others below U+0020.
    character === '\n'
      ? character
      : units(character)
          .map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`)
          .join(''),
  );
}

function units(character: string): number[] {
  return Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
}

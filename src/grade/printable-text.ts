/**
 * Text of a submission without anything that a terminal or a reader could take for more than text: control, format and
 * bidirectional characters become their code point; line breaks and tabs become spaces.
 */
export function printableText(text: string): string {
  return text
    .replace(/[\r\n\t]+/g, ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu, (sign) => `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`);
}

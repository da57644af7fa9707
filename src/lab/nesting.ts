import { Lexer } from 'yaml';

/** A lab needs five levels. */
const deepest = 32;

/**
 * Where a YAML text is nested deeper than any lab: a few thousand levels end the process (the parser's
 * recursion leaves no stack for compiling a regular expression), so this is asked before parsing.
 * Levels made by indentation need no such care: the size of the file bounds them.
 */
export function tooDeep(text: string): { line: number; column: number } | undefined {
  let brackets = 0;
  let indicators = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    if (token === '[' || token === '{') brackets++;
    else if (token === ']' || token === '}') brackets--;
    else if (token === '-' || token === '?') indicators++;
    else if (token.includes('\n')) indicators = 0;
    if (brackets > deepest || indicators > deepest) return lineAndColumn(text, offset);
    if (!isControl(token)) offset += token.length;
  }
  return undefined;
}

/** The lexer marks documents and plain scalars with control characters that are not in the text. */
function isControl(token: string): boolean {
  return token === '\u0002' || token === '\u0018' || token === '\u001f';
}

function lineAndColumn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

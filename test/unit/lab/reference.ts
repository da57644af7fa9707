import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { Problem } from '../../../src/errors.ts';
import { UserError } from '../../../src/errors.ts';
import { readLab } from '../../../src/lab/load.ts';

/** The text of the reference lab. */
export const reference = readFileSync('labs/secured-monitored/lab.yml', 'utf8');

/** The reference lab with pieces of its text replaced; each piece has to be there. */
export function edited(...edits: [piece: string, by: string][]): string {
  return edits.reduce((text, [piece, by]) => {
    expect(text).toContain(piece);
    return text.replace(piece, () => by);
  }, reference);
}

/** All problems of a text, none when it is a lab. Anything but a user's error is thrown on. */
export function problemsIn(text: string): readonly Problem[] {
  try {
    readLab(text, 'lab.yml');
    return [];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    expect(error).toMatchObject({ code: 'LAB_INVALID', exitCode: 2 });
    return error.problems;
  }
}

/** The only problem of a text. */
export function problemIn(text: string): Problem {
  const problems = problemsIn(text);
  expect(problems, JSON.stringify(problems, null, 1)).toHaveLength(1);
  return problems[0] as Problem;
}

/** The place of the first occurrence of a piece of text, as problems name it. */
export function placeIn(text: string, piece: string): { file: string; line: number; column: number } {
  expect(text).toContain(piece);
  const before = text.slice(0, text.indexOf(piece)).split('\n');
  return { file: 'lab.yml', line: before.length, column: (before.at(-1) ?? '').length + 1 };
}

import { posix, win32 } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { safePath } from '../../../../src/grade/intake/names.ts';
import { Refused } from '../../../../src/grade/intake/refused.ts';

const part = fc.oneof(
  fc.constantFrom(
    '..',
    '.',
    '',
    '...',
    'a',
    'C:',
    'c:x',
    '\\',
    '..\\',
    '/',
    '//',
    '\0',
    '~',
    '\u2215',
    '．．',
    ' ..',
    '.. ',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);
const name = fc.oneof(
  fc.array(part, { maxLength: 8 }).map((parts) => parts.join('/')),
  fc.array(part, { maxLength: 8 }).map((parts) => parts.join('')),
);

function leadsOut(path: string): boolean {
  const posixPath = posix.join('/base/student', path);
  const windows = win32.resolve('C:\\base\\student', path);
  return (
    posix.isAbsolute(path) ||
    !`${posixPath}/`.startsWith('/base/student/') ||
    !`${windows}\\`.toLowerCase().startsWith('c:\\base\\student\\')
  );
}

test('no name leads to a path outside', () => {
  let refused = 0;
  let kept = 0;
  fc.assert(
    fc.property(name, (given) => {
      let path: string;
      try {
        path = safePath(given);
      } catch (error) {
        expect(error).toBeInstanceOf(Refused);
        refused += 1;
        return;
      }
      kept += 1;
      expect(leadsOut(path)).toBe(false);
      expect(path).not.toMatch(/\p{Cc}|\\|(^|\/)\.{0,2}(\/|$)(?<=.)/u);
      expect(safePath(path)).toBe(path);
    }),
    { numRuns: 5000 },
  );
  expect(Math.min(refused, kept)).toBeGreaterThan(500);
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replaced, wordsOf, written } from '../../../../src/grade/adapt/haproxy-words.ts';

const values = (line: string): string[] => wordsOf(line).map(({ value }) => value);

describe('words of a line of HAProxy', () => {
  it('are told apart with quotes, escapes and comments', () => {
    expect(values('\tserver  a "10.0.0.1:80" check # web')).toEqual(['server', 'a', '10.0.0.1:80', 'check']);
    expect(values(String.raw`reqadd X-A:\ b\#c`)).toEqual(['reqadd', 'X-A: b#c']);
    expect(values(String.raw`acl x path_reg ^/a\.b$ 'c\ d'`)).toEqual([
      'acl',
      'x',
      'path_reg',
      String.raw`^/a\.b$`,
      String.raw`c\ d`,
    ]);
    expect(values(String.raw`a "b\n\c\"\$" 'd\n'`)).toEqual(['a', 'b\n\\c"$', String.raw`d\n`]);
    expect(values('# all of it')).toEqual([]);
    expect(values('bind "unfinished')).toEqual(['bind', 'unfinished']);
  });

  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab \\"\'#\t%$:.') }), (value) => {
        // A backslash before a plain letter is two characters for HAProxy, and `written` doubles every one.
        expect(values(`x ${written(value)} y`)).toEqual(['x', value, 'y']);
      }),
    );
  });

  it('can be replaced with the rest of the line as it was', () => {
    const line = '  bind  *:443   ssl crt /a # here';
    expect(replaced(line, wordsOf(line), new Map([[4, '/b']]))).toBe('  bind  *:443   ssl crt /b # here');
  });
});

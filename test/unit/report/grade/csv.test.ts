import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cell, csv } from '../../../../src/report/grade/csv.ts';
import { aCheck, aClass, anyClass, aResult, text } from './a-result.ts';

test('parses back to as many columns in every row, and no cell begins a formula', () => {
  fc.assert(
    fc.property(anyClass, (one) => {
      const rows = parse(csv(one));
      expect(rows).toHaveLength(one.results.length + 1);
      expect(new Set(rows.map((row) => row.length)).size).toBe(1);
      expect(rows.flat().filter((value) => /^[=+\-@\t\r]/.test(value))).toEqual([]);
    }),
  );
});

test('a cell parses back to itself, or to itself behind an apostrophe', () => {
  fc.assert(
    fc.property(text, (one) => {
      const back = parse(`${cell(one)},end\r\n`)[0]?.[0];
      expect(back).toBe(/^[=+\-@\t\r]/.test(one) ? `'${one}` : one);
    }),
  );
  for (const start of ['=', '+', '-', '@', '\t', '\r']) expect(cell(`${start}1`).replace(/^"/, '')).toMatch(/^'/);
});

test('what was not measured has no score, and what a submission lacks is empty', () => {
  const [head, ...rows] = parse(
    csv(
      aClass([
        aResult([aCheck({ id: 'a.one' }), aCheck({ id: 'a.two', status: 'failed' })]),
        aResult([aCheck({ id: 'a.one', status: 'not-measured' })], { outcome: 'not-measured', student: 'other' }),
      ]),
    ),
  );
  const column = (name: string): (string | undefined)[] => rows.map((row) => row[head?.indexOf(name) ?? -1]);
  expect(column('points')).toEqual(['10', '']);
  expect(column('percent')).toEqual(['50', '']);
  expect(column('a.one')).toEqual(['10', '']);
  expect(column('a.two')).toEqual(['0', '']);
});

/** RFC 4180, read letter by letter. */
function parse(document: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let value = '';
  let quoted = false;
  for (let at = 0; at < document.length; at++) {
    const letter = document[at];
    if (quoted && letter === '"' && document[at + 1] === '"') {
      value += '"';
      at++;
    } else if (letter === '"') quoted = !quoted;
    else if (!quoted && letter === ',') {
      row.push(value);
      value = '';
    } else if (!quoted && letter === '\r' && document[at + 1] === '\n') {
      rows.push([...row, value]);
      row = [];
      value = '';
      at++;
    } else value += letter;
  }
  expect({ quoted, rest: value }).toEqual({ quoted: false, rest: '' });
  return rows;
}

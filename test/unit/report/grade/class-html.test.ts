import fc from 'fast-check';
import { expect, test } from 'vitest';
import { alike, checkFigures, histogram, median } from '../../../../src/report/grade/class-figures.ts';
import { classHtml } from '../../../../src/report/grade/class-html.ts';
import { pageOf } from '../../../../src/report/grade/links.ts';
import { aCheck, aClass, anyClass, aResult, text } from './a-result.ts';
import { expectHarmless } from './harmless.ts';

const a = aCheck({ id: 'a.a', title: 'A' });
const b = aCheck({ id: 'b.b', title: 'B' });
const failed = { status: 'failed', earned: 0 } as const;

test('nothing of a submission is markup, and the page asks for nothing', () => {
  fc.assert(fc.property(anyClass, (one) => expectHarmless(classHtml(one))));
});

test('links lead into a student’s folder below the page, or are not made', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string()), (folder) => {
      const to = pageOf(folder);
      if (to === undefined) return;
      const url = new URL(to, 'https://class.example/results/');
      expect(url.origin).toBe('https://class.example');
      expect(url.pathname.split('/')).toHaveLength(5);
      expect(decodeURIComponent(url.pathname.split('/')[3] ?? '')).toBe(folder);
    }),
  );
  expect(pageOf('..')).toBeUndefined();
  const page = classHtml(aClass([aResult([a], { student: 'Ana' })]), { folderOf: ({ student }) => `${student} 1` });
  expect(page).toContain('<a href="./students/Ana%201/report.html">Ana</a>');
});

test('the histogram counts every score once, and none where the machine failed', () => {
  const scores = [0, 9, 10, 59, 99, 100, 100].map((percent) => {
    const one = aResult([a]);
    return { ...one, summary: { ...one.summary, percent } };
  });
  const results = [...scores, aResult([], { outcome: 'not-measured' })];
  expect(histogram(results).map(({ count }) => count)).toEqual([2, 1, 0, 0, 0, 1, 0, 0, 0, 1, 2]);
  expect(median(results)).toBe(59);
  expect(median([])).toBeUndefined();
});

test('checks that fail most come first', () => {
  const results = [
    aResult([a, { ...b, ...failed }]),
    aResult([
      { ...a, ...failed },
      { ...b, ...failed },
    ]),
    aResult([a, { ...b, status: 'blocked', earned: 0 }]),
  ];
  expect(checkFigures(results)).toEqual([
    { id: 'b.b', title: 'B', failed: 2, blocked: 1, of: 3 },
    { id: 'a.a', title: 'A', failed: 1, blocked: 0, of: 3 },
  ]);
});

test('submissions are alike that fail the same set of checks', () => {
  const named = (student: string, ...checks: Parameters<typeof aResult>[0]): ReturnType<typeof aResult> =>
    aResult(checks, { student });
  const groups = alike([
    named('1', { ...a, ...failed }, { ...b, ...failed }),
    named('2', { ...b, ...failed }, { ...a, ...failed }),
    named('3', { ...a, ...failed }, b),
    named('4', a, b),
    named('5', a, b),
  ]);
  expect(
    groups.map(({ failed: same, results }) => [same.map(({ id }) => id), results.map(({ student }) => student)]),
  ).toEqual([
    [
      ['a.a', 'b.b'],
      ['1', '2'],
    ],
  ]);
});

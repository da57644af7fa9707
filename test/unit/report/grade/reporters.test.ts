import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audiences } from '../../../../src/report/grade/audience.ts';
import { gradeFileNames, gradeReporters } from '../../../../src/report/grade/reporters.ts';
import { aCheck, anyResult, aResult } from './a-result.ts';

const unsafe = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff]/u;
const both = fc.constantFrom(...audiences);

describe.each(Object.entries(gradeReporters))('%s', (_, reporter) => {
  test('shows no character that could deceive or break, and ends its last line', () => {
    fc.assert(
      fc.property(anyResult, both, (one, audience) => {
        const shown = reporter(one, { audience, colour: false });
        expect([...shown].filter((character) => character !== '\n' && unsafe.test(character))).toEqual([]);
        expect(shown).toMatch(/\n$/);
      }),
    );
  });

  test('gives no field more than 4 KiB', () => {
    const huge = '\x1b😀'.repeat(200_000);
    const check = aCheck({
      status: 'failed',
      title: huge,
      observed: huge,
      expected: huge,
      hint: huge,
      reproduce: huge,
      evidence: Array<string>(100_000).fill('e'),
    });
    const shown = reporter(aResult([check], { student: huge, notes: [huge] }), { audience: 'instructor' });
    expect(shown.length).toBeLessThan(100_000);
  });

  test('a student does not learn what a hidden check looks for, an instructor does', () => {
    const secrets = { expected: 'SECRET-1', observed: 'SECRET-2', reproduce: 'SECRET-3', evidence: ['SECRET-4'] };
    const one = aResult([
      aCheck({ id: 'a.failed', hidden: true, status: 'failed', title: 'The hidden title', ...secrets }),
      aCheck({ id: 'a.passed', hidden: true, ...secrets }),
      aCheck({ id: 'a.unmeasured', hidden: true, status: 'not-measured', ...secrets }),
    ]);
    expect(reporter(one, { audience: 'instructor' })).toContain('SECRET-2');
    const shown = reporter(one, { audience: 'student' });
    expect(shown).not.toContain('SECRET');
    expect(shown).toContain('The hidden title');
  });
});

test('every format has a file name of its own', () => {
  expect(new Set(Object.values(gradeFileNames)).size).toBe(Object.keys(gradeReporters).length);
});

test('terminal: no escape sequence but its own colours', () => {
  fc.assert(
    fc.property(anyResult, both, (one, audience) => {
      const shown = gradeReporters.terminal(one, { audience, colour: true });
      expect(stripVTControlCharacters(shown)).toBe(gradeReporters.terminal(one, { audience, colour: false }));
      expect(shown.replace(/\x1b\[(1|2|22|31|32|33|39)m/g, '')).not.toContain('\x1b');
    }),
  );
});

test('terminal: failed checks first, with what helps; the score last', () => {
  const lines = gradeReporters
    .terminal(
      aResult([
        aCheck({ id: 'a.one', title: 'one' }),
        aCheck({ id: 'a.two', title: 'two', status: 'blocked', blockedBy: 'a.three' }),
        aCheck({ id: 'a.three', title: 'three', status: 'failed', reproduce: 'first\nsecond' }),
      ]),
      { audience: 'student', colour: false },
    )
    .split('\n');
  const marks = lines.filter((line) => /^ {2}[✔✘?-] (?!balancer)/.test(line));
  expect(marks.map((line) => line.slice(2, 5))).toEqual(['✘ t', '- t', '✔ o']);
  expect(lines.filter((line) => /^ {6}(expected|observed|see it at home|hint) /.test(line))).toHaveLength(4);
  expect(lines).toContain(`${' '.repeat(22)}second`);
  expect(lines.find((line) => line.includes('blocked by'))).toMatch(/three$/);
  expect(lines.at(-2)).toBe('1 failed, 1 blocked, 1 passed; 10 of 30 points (33 %), not passed (pass mark 60 %)');
});

test('JSON is the result itself, for an instructor', () => {
  fc.assert(
    fc.property(anyResult, (one) => {
      expect(JSON.parse(gradeReporters.json(one, { audience: 'instructor' }))).toEqual(one);
    }),
  );
});

test('Markdown: every row of the table has four cells, and no markup of a submission counts', () => {
  fc.assert(
    fc.property(anyResult, (one) => {
      const outside = gradeReporters
        .markdown(one, { audience: 'instructor' })
        .replace(/^(`{3,})\n[^]*?\n\1$/gm, '')
        .split('\n');
      const rows = outside.filter((line) => /^\| (passed|failed|blocked|not-measured) \|/.test(line));
      expect(rows).toHaveLength(one.checks.length);
      for (const row of rows) expect(row.replace(/\\./g, '').split('|')).toHaveLength(6);
      // Code spans begin list items and nothing else.
      const words = outside
        .filter((line) => !/^- (check: )?`/.test(line))
        .join('\n')
        .replace(/\\./g, '');
      expect(words).not.toMatch(/[<`]|\]\(|www\.|:\/\//);
    }),
  );
});

test('JUnit: what XML 1.0 allows, markup stays text, and counts that agree', () => {
  fc.assert(
    fc.property(anyResult, both, (one, audience) => {
      const xml = gradeReporters.junit(one, { audience });
      expect(xml).not.toMatch(/[^\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
      expect(xml.replace(/&(amp|lt|gt|quot);/g, '')).not.toContain('&');
      expect(xml.match(/<testcase /g) ?? []).toHaveLength(one.checks.length + one.refusals.length);
      for (const [status, name] of [
        ['blocked', 'skipped'],
        ['not-measured', 'error'],
      ] as const)
        expect(xml.match(new RegExp(`<${name}[ />]`, 'g')) ?? []).toHaveLength(
          one.checks.filter((check) => check.status === status).length,
        );
      const names = (xml.match(/<\/?[^ >/]+/g) ?? []).map((tag) => tag.replace(/<\/?/, ''));
      const known = [
        '?xml',
        'testsuites',
        'testsuite',
        'testcase',
        'properties',
        'property',
        'failure',
        'error',
        'skipped',
        'system-out',
      ];
      expect(names.filter((name) => !known.includes(name))).toEqual([]);
    }),
  );
});

test('Gradescope: the fields it reads, and no score where the machine failed', () => {
  fc.assert(
    fc.property(anyResult, both, (one, audience) => {
      const shown = JSON.parse(gradeReporters.gradescope(one, { audience })) as {
        score?: number;
        execution_time: number;
        tests: { score?: number; max_score: number; status: string; visibility: string; output_format: string }[];
      };
      const scored = one.outcome !== 'not-measured';
      expect(shown.score).toBe(scored ? one.summary.points : undefined);
      expect(shown.tests.map(({ score }) => score)).toEqual(
        one.checks.map(({ earned }) => (scored ? earned : undefined)),
      );
      expect(shown.tests.map(({ status }) => status === 'passed')).toEqual(
        one.checks.map(({ status }) => status === 'passed'),
      );
      expect(shown.tests.map(({ visibility }) => visibility)).toEqual(
        one.checks.map(({ hidden }) => (hidden && audience === 'instructor' ? 'hidden' : 'visible')),
      );
      expect(new Set(shown.tests.map(({ output_format }) => output_format)).size).toBeLessThan(2);
    }),
  );
});

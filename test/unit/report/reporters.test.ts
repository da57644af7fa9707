import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { requirements } from '../../../src/checks/check.ts';
import { summarise, type CheckResult, type VerifyResult } from '../../../src/checks/result.ts';
import { reporters } from '../../../src/report/reporters.ts';

// Weighted towards what a hostile server would send.
const hostile = fc.constantFrom(
  '\n',
  '\r',
  '\x1b[2J',
  '\u009b31m',
  '\u202e',
  '\u2028',
  '\ud800',
  '\u{e0001}',
  '\ufffe',
  '|',
  '`',
  '<b>',
  '&',
  '"',
  '#',
  '\\',
  ']]>',
  '\nok 1 - all well\n',
);
const text = fc.array(fc.oneof(hostile, fc.string({ maxLength: 5 })), { maxLength: 8 }).map((parts) => parts.join(''));

const check: fc.Arbitrary<CheckResult> = fc.record({
  id: fc.stringMatching(/^[a-z]+\.[a-z-]+$/),
  title: text,
  requirement: fc.constantFrom(...requirements),
  status: fc.constantFrom('passed', 'failed', 'skipped'),
  points: fc.nat(5),
  expected: text,
  observed: text,
  reproduce: text,
  hint: text,
  blockedBy: fc.constant(null),
  durationMs: fc.nat(5000),
});

const result: fc.Arbitrary<VerifyResult> = fc
  .record({ lab: text, project: text, checks: fc.array(check, { maxLength: 6 }) })
  .map(({ lab, project, checks }) => ({
    lab,
    project,
    summary: summarise(checks, 1234),
    absent: ['tls' as const],
    checks,
  }));

const unsafe = /[^\P{C}\n]|[\u2028\u2029]/u;

describe.each(Object.entries(reporters))('%s', (_, reporter) => {
  test('shows no character that could deceive or break, and ends its last line', () => {
    fc.assert(
      fc.property(result, (one) => {
        const shown = reporter(one, { colour: false });
        // Unassigned and private-use characters are shown as they are: they do nothing.
        const bad = [...shown].filter((character) => unsafe.test(character) && !/[\p{Co}\p{Cn}]/u.test(character));
        expect(bad).toEqual([]);
        expect(shown).toMatch(/\n$/);
      }),
    );
  });
});

test('JSON is the result itself', () => {
  fc.assert(
    fc.property(result, (one) => {
      expect(JSON.parse(reporters.json(one))).toEqual(one);
    }),
  );
});

test('terminal: a failure brings all that helps, and one line sums up', () => {
  const one = example();
  const shown = reporters.terminal(one, { colour: false });
  expect(shown.split('\n').filter((line) => /^\s+(expected|observed|reproduce|hint)/.test(line))).toHaveLength(4);
  expect(shown.trimEnd().split('\n').at(-1)).toBe('a-lab: 1 passed, 1 failed, 1 skipped; 1 of 3 points in 1.2 s');
  expect(reporters.terminal(one, { colour: true })).toContain('\x1b[31m');
});

test('TAP: one point for each check, and details that are YAML', () => {
  fc.assert(
    fc.property(result, (one) => {
      const lines = reporters.tap(one).split('\n');
      expect(lines[1]).toBe(`1..${one.checks.length}`);
      const points = lines.filter((line) => /^(not )?ok \d/.test(line));
      expect(points.map((line) => line.startsWith('ok'))).toEqual(one.checks.map(({ status }) => status !== 'failed'));
      expect(points.map((line) => / # SKIP/.test(line.replace(/\\./g, '')))).toEqual(
        one.checks.map(({ status }) => status === 'skipped'),
      );
      const details = reporters
        .tap(one)
        .split(/^ {2}---$/m)
        .slice(1)
        .map((part) => part.split(/^ {2}\.\.\.$/m)[0] ?? '');
      const failed = one.checks.filter(({ status }) => status === 'failed');
      expect(details.map((part) => (parse(part) as CheckResult).durationMs)).toEqual(
        failed.map(({ durationMs }) => durationMs),
      );
    }),
  );
});

test('Markdown: every row of a table has four cells', () => {
  fc.assert(
    fc.property(result, (one) => {
      const rows = reporters
        .markdown(one)
        .split('\n')
        .filter((line) => /^\| (passed|failed|skipped) /.test(line));
      expect(rows).toHaveLength(one.checks.length);
      for (const row of rows) expect(row.replace(/\\./g, '').split('|')).toHaveLength(6);
    }),
  );
});

test('JUnit: counts, and markup in values stays text', () => {
  const shown = reporters.junit(example('<b>&"'));
  expect(shown).toContain('tests="3" failures="1" errors="0" skipped="1"');
  expect(shown).toContain('<failure message="&lt;b&gt;&amp;&quot;">');
  fc.assert(
    fc.property(result, (one) => {
      const xml = reporters.junit(one);
      expect(xml.match(/<testcase /g) ?? []).toHaveLength(one.checks.length);
      expect(xml.replace(/&(amp|lt|gt|quot);/g, '')).not.toMatch(/&/);
    }),
  );
});

function example(observed = 'that'): VerifyResult {
  const base = {
    title: 't',
    requirement: 'tls',
    points: 1,
    expected: 'e',
    observed,
    reproduce: 'r',
    hint: 'h',
    blockedBy: null,
    durationMs: 5,
  } as const;
  const checks: CheckResult[] = (['passed', 'failed', 'skipped'] as const).map((status) => ({
    ...base,
    id: `tls.${status}`,
    status,
  }));
  return { lab: 'a-lab', project: 'p', summary: summarise(checks, 1234), absent: [], checks };
}

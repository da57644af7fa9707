import fc from 'fast-check';
import type { ClassResult, GradedCheck, GradeResult } from '../../../../src/grade/result.ts';

// Weighted towards what a hostile submission would have a report say.
const hostile = fc.constantFrom(
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\0',
  '\x1b[2J',
  '\x1b]0;owned\x07',
  '\u009b31m',
  '\u202e',
  '\u2028',
  '\u200b',
  '\ud800',
  '\u{e0001}',
  '\ufffe',
  '|',
  '`',
  '```',
  '<script>alert(1)</script>',
  '</style><script src=//evil.example>',
  '<!--',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '&',
  '&lt;',
  '"',
  '#',
  '\\',
  ']]>',
  '[click](javascript:alert(1))',
  'https://evil.example',
  'www.evil.example',
  '=cmd|"/c calc"!A1',
  '+1',
  '-1',
  '@SUM(A1)',
  ',',
  '\n# Passed\n',
);

export const text: fc.Arbitrary<string> = fc
  .array(fc.oneof(hostile, fc.string({ maxLength: 5 })), { maxLength: 8 })
  .map((parts) => parts.join(''));

const check: fc.Arbitrary<GradedCheck> = fc.record({
  id: fc.oneof(fc.stringMatching(/^[a-z]+\.[a-z]+$/), text),
  title: text,
  hidden: fc.boolean(),
  status: fc.constantFrom('passed', 'failed', 'blocked', 'not-measured'),
  points: fc.nat(10),
  earned: fc.nat(10),
  expected: text,
  observed: text,
  reproduce: text,
  hint: text,
  blockedBy: fc.oneof(fc.constant(null), text),
  evidence: fc.array(text, { maxLength: 3 }),
  durationMs: fc.nat(5000),
});

/** Any result, in all the words that could come from a submission. */
export const anyResult: fc.Arbitrary<GradeResult> = fc.record({
  version: fc.constant(1 as const),
  lab: text,
  exercise: text,
  title: text,
  student: text,
  submission: fc.record({
    name: text,
    digest: text,
    files: fc.array(fc.record({ path: text, bytes: fc.nat(99999) }), { maxLength: 3 }),
  }),
  run: text,
  gradedAt: text,
  outcome: fc.constantFrom('graded', 'refused', 'not-measured'),
  summary: fc.record({
    points: fc.nat(100),
    of: fc.nat(100),
    percent: fc.nat(100),
    passMark: fc.nat(100),
    passed: fc.boolean(),
  }),
  notes: fc.array(text, { maxLength: 3 }),
  refusals: fc.array(fc.record({ code: text, message: text, where: text }), { maxLength: 2 }),
  checks: fc.array(check, { maxLength: 5 }),
  durationMs: fc.nat(99999),
});

export const anyClass: fc.Arbitrary<ClassResult> = fc.record({
  version: fc.constant(1 as const),
  lab: text,
  exercise: text,
  title: text,
  startedAt: text,
  durationMs: fc.nat(999999),
  jobs: fc.integer({ min: 1, max: 8 }),
  results: fc.array(anyResult, { maxLength: 4 }),
});

/** A check that passed, but for what is said otherwise. */
export function aCheck(more: Partial<GradedCheck> = {}): GradedCheck {
  return {
    id: 'tls.https-answers',
    title: 'The site answers over HTTPS',
    hidden: false,
    status: 'passed',
    points: 10,
    earned: more.status === undefined || more.status === 'passed' ? 10 : 0,
    expected: 'status 200 over TLS',
    observed: 'status 200 over TLS 1.3',
    reproduce: 'curl -v https://www.foobar.com/',
    hint: 'Look at the bind line.',
    blockedBy: null,
    evidence: ['connected to 10.0.0.2:443', 'TLS 1.3'],
    durationMs: 120,
    ...more,
  };
}

/** A result of these checks. */
export function aResult(checks: GradedCheck[], more: Partial<GradeResult> = {}): GradeResult {
  const points = checks.reduce((sum, { earned }) => sum + earned, 0);
  const of = checks.reduce((sum, { points: worth }) => sum + worth, 0);
  const percent = of === 0 ? 0 : Math.floor((100 * points) / of);
  return {
    version: 1,
    lab: 'secured-monitored',
    exercise: 'tls-termination',
    title: 'TLS ends at the balancer',
    student: 's-017',
    submission: {
      name: 's-017.zip',
      digest: 'a'.repeat(64),
      files: [{ path: 'balancer/haproxy.cfg', bytes: 812 }],
    },
    run: 'r-1',
    gradedAt: '2026-02-03T04:05:06.000Z',
    outcome: 'graded',
    summary: { points, of, percent, passMark: 60, passed: percent >= 60 },
    notes: ['balancer/haproxy.cfg:12: the certificate’s path was mapped to the lab’s'],
    refusals: [],
    checks,
    durationMs: 8500,
    ...more,
  };
}

/** A class of these results. */
export function aClass(results: GradeResult[]): ClassResult {
  return {
    version: 1,
    lab: 'secured-monitored',
    exercise: 'tls-termination',
    title: 'TLS ends at the balancer',
    startedAt: '2026-02-03T04:00:00.000Z',
    durationMs: 600_000,
    jobs: 2,
    results,
  };
}

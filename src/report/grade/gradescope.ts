import type { GradedCheck, GradeResult } from '../../grade/result.ts';
import { printableJson } from '../../printable.ts';
import { shownTo } from './audience.ts';
import type { GradeReportOptions } from './reporters.ts';
import { causeOf, points, scoreLine } from './score.ts';

/** A case of Gradescope's results.json. */
interface GradescopeTest {
  name: string;
  name_format: 'text';
  number: string;
  score?: number;
  max_score: number;
  status: 'passed' | 'failed';
  output: string;
  output_format: 'text';
  visibility: 'visible' | 'hidden';
}

/**
 * Gradescope's results.json (gradescope-autograders.readthedocs.io, "Autograder Specifications"). For a student,
 * hidden checks are visible without what they look for; for an instructor they are whole, and hidden from students.
 * Where the machine failed no score is given at all, which Gradescope reports as a failed autograder, not as 0.
 */
export function gradescope(result: GradeResult, { audience }: GradeReportOptions): string {
  const shown = shownTo(result, audience);
  const scored = shown.outcome !== 'not-measured';
  const document = {
    ...(scored ? { score: rounded(shown.summary.points) } : {}),
    execution_time: rounded(shown.durationMs / 1000),
    output: [scoreLine(shown), ...shown.refusals.map(refusal), ...shown.notes.map((note) => `note: ${note}`)].join(
      '\n',
    ),
    output_format: 'text',
    stdout_visibility: 'hidden',
    tests: shown.checks.map((check, index) =>
      test(check, { checks: shown.checks, number: String(index + 1), scored, whole: audience === 'instructor' }),
    ),
    extra_data: { exercise: shown.exercise, run: shown.run, digest: shown.submission.digest },
  };
  return `${printableJson(document, 2)}\n`;
}

interface Around {
  checks: readonly GradedCheck[];
  number: string;
  scored: boolean;
  whole: boolean;
}

function test(check: GradedCheck, { checks, number, scored, whole }: Around): GradescopeTest {
  return {
    name: check.title,
    name_format: 'text',
    number,
    ...(scored ? { score: rounded(check.earned) } : {}),
    max_score: rounded(check.points),
    status: check.status === 'passed' ? 'passed' : 'failed',
    output: outputOf(check, checks),
    output_format: 'text',
    visibility: check.hidden && whole ? 'hidden' : 'visible',
  };
}

function outputOf(check: GradedCheck, checks: readonly GradedCheck[]): string {
  if (check.status === 'blocked') return `blocked by: ${causeOf(check, checks)}`;
  if (check.status === 'not-measured') return `could not be measured: ${check.observed}`;
  if (check.status === 'passed') return `observed: ${check.observed}`;
  const rows: [string, string][] = [
    ['expected', check.expected],
    ['observed', check.observed],
    ['see it at home', check.reproduce],
    ['hint', check.hint],
  ];
  return rows
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}: ${text}`)
    .join('\n');
}

function refusal({ code, message, where }: GradeResult['refusals'][number]): string {
  return `refused (${code}): ${message}${where === undefined ? '' : `, at ${where}`}`;
}

function rounded(number: number): number {
  return Number(points(number));
}

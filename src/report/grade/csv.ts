import type { ClassResult, GradeResult } from '../../grade/result.ts';
import { shownTo } from './audience.ts';
import { points } from './score.ts';

const heads = ['student', 'submission', 'outcome', 'points', 'of', 'percent', 'passed', 'refused', 'notes', 'digest'];

/**
 * CSV for a gradebook, as RFC 4180 has it: a row for each submission, then what was earned in each check. The points
 * of a check that could not be measured are left empty, and so is the score of such a submission.
 */
export function csv({ results }: ClassResult): string {
  const shown = results.map((result) => shownTo(result, 'instructor'));
  const ids = [...new Set(shown.flatMap(({ checks }) => checks.map(({ id }) => id)))];
  const rows = [[...heads, ...ids], ...shown.map((result) => row(result, ids))];
  return rows.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('');
}

function row(result: GradeResult, ids: readonly string[]): string[] {
  const { summary, submission, outcome } = result;
  const scored = outcome !== 'not-measured';
  const earned = new Map(
    result.checks.map(({ id, status, earned: got }) => [id, status === 'not-measured' ? '' : points(got)]),
  );
  return [
    result.student,
    submission.name,
    outcome,
    scored ? points(summary.points) : '',
    points(summary.of),
    scored ? String(summary.percent) : '',
    scored ? (summary.passed ? 'yes' : 'no') : '',
    [...new Set(result.refusals.map(({ code }) => code))].join(' '),
    String(result.notes.length),
    submission.digest,
    ...ids.map((id) => earned.get(id) ?? ''),
  ];
}

/**
 * One cell, quoted where it must be. A spreadsheet takes some first characters for the start of a formula; an
 * apostrophe before them makes it text (OWASP, "CSV Injection").
 */
export function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

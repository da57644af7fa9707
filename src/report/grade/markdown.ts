import type { GradedCheck, GradeResult } from '../../grade/result.ts';
import { markdownBlock as block, markdownCode as code, markdownText as text } from '../markdown-text.ts';
import { shownTo } from './audience.ts';
import type { GradeReportOptions } from './reporters.ts';
import { causeOf, countsOf, failedFirst, points, scoreLine } from './score.ts';

/** Markdown: the score, a table of all checks, and what failed in full below. */
export function markdown(result: GradeResult, { audience }: GradeReportOptions): string {
  const shown = shownTo(result, audience);
  const failures = shown.checks.filter(({ status }) => status === 'failed');
  return [
    `# ${text(shown.title)}`,
    `**${text(scoreLine(shown))}**`,
    `Student ${text(shown.student)}; ${countsOf(shown.checks)}.`,
    ...(shown.refusals.length === 0 ? [] : ['## Refused', shown.refusals.map(refusal).join('\n')]),
    ...(shown.checks.length === 0 ? [] : ['## Checks', table(shown.checks)]),
    ...(failures.length === 0 ? [] : ['## What failed', ...failures.map(failure)]),
    ...(shown.notes.length === 0 ? [] : ['## Notes', shown.notes.map((note) => `- ${text(note)}`).join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

function refusal({ code: name, message, where }: GradeResult['refusals'][number]): string {
  return `- ${code(name)} ${text(message)}${where === undefined ? '' : ` (${text(where)})`}`;
}

function table(checks: readonly GradedCheck[]): string {
  const rows = failedFirst(checks).map((check) => {
    const said = check.status === 'blocked' ? `blocked by: ${causeOf(check, checks)}` : check.observed;
    const worth = `${points(check.earned)}/${points(check.points)}`;
    const title = `${text(check.title)}${check.hidden ? ' *(hidden)*' : ''}`;
    return `| ${check.status} | ${title} | ${worth} | ${text(said)} |`;
  });
  return ['| status | check | points | observed |', '|---|---|---:|---|', ...rows].join('\n');
}

function failure(check: GradedCheck): string {
  return [
    `### ${text(check.title)}`,
    '',
    `- check: ${code(check.id)}`,
    `- expected: ${text(check.expected)}`,
    `- observed: ${text(check.observed)}`,
    ...(check.hint === '' ? [] : [`- hint: ${text(check.hint)}`]),
    ...(check.reproduce === '' ? [] : ['- see it at home:', '', ...block(check.reproduce)]),
  ].join('\n');
}

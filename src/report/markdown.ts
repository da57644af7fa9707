import type { CheckResult, VerifyResult } from '../checks/result.ts';
import { absence, byRequirement } from './by-requirement.ts';
import { markdownCode as code, markdownText as text } from './markdown-text.ts';

/** Markdown: a table for each requirement, and the failures in full below. */
export function markdown(result: VerifyResult): string {
  const { summary } = result;
  const failures = result.checks.filter(({ status }) => status === 'failed');
  return [
    `# ${text(result.lab)} (${text(result.project)})`,
    `${summary.passed} passed, ${summary.failed} failed, ${summary.skipped} skipped; ` +
      `${summary.points} of ${summary.of} points in ${(summary.durationMs / 1000).toFixed(1)} s.`,
    ...(result.absent.length === 0 ? [] : [text(absence(result))]),
    ...byRequirement(result.checks).map(([requirement, checks]) => table(requirement, checks)),
    ...(failures.length === 0 ? [] : ['## Failures', ...failures.map(failure)]),
  ]
    .join('\n\n')
    .concat('\n');
}

function table(requirement: string, checks: readonly CheckResult[]): string {
  const rows = checks.map((check) => {
    const earned = check.status === 'passed' ? check.points : 0;
    return `| ${check.status} | ${text(check.title)} | ${earned}/${check.points} | ${text(check.observed)} |`;
  });
  return [`## ${requirement}`, '', '| status | check | points | observed |', '|---|---|---:|---|', ...rows].join('\n');
}

function failure(check: CheckResult): string {
  return [
    `### ${text(check.title)}`,
    '',
    `- check: ${code(check.id)}`,
    `- expected: ${text(check.expected)}`,
    `- observed: ${text(check.observed)}`,
    `- reproduce: ${code(check.reproduce)}`,
    `- hint: ${text(check.hint)}`,
  ].join('\n');
}

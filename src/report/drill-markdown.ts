import { faults } from '../faults/all.ts';
import type { DrillResult } from '../drill/result.ts';
import { difference } from './drill.ts';

/** Markdown for the docs: what each fault was detected by and when, and the matrix of faults against checks. */
export function drillMarkdown(result: DrillResult): string {
  const { summary, whole } = result;
  const numbers = new Map(result.faults.map(({ name }, index) => [name, index + 1]));
  return [
    '# Faults and drills',
    'Written by `lab drill --all --reporter markdown --output docs/faults.md`. Each fault was put into a running lab under steady traffic, detected, taken out again, and the lab recovered.',
    `Of ${summary.faults} faults, ${summary.asDeclared} did what they declare; afterwards ${whole.passed} checks passed and ${whole.failed.length} failed. It took ${Math.round(summary.durationMs / 60_000)} minutes.`,
    '## What each did',
    'Seconds from the breaking to the first check that failed and to the mail in the inbox; from the mending to the mail that it is over, and to all checks passing again.',
    listing(result),
    '## Which checks caught it',
    'A column is a fault by its number above, a row a check. A check that depends on one that failed is not measured, and does not count as failed.',
    matrix(result, numbers),
    ...differences(result),
  ]
    .join('\n\n')
    .concat('\n');
}

function listing({ faults: drilled }: DrillResult): string {
  const rows = drilled.map(({ name, title, firstFailedAfterMs, alert, recoveredAfterMs }, index) => {
    const known = faults.find((fault) => fault.name === name);
    const times = [
      firstFailedAfterMs,
      alert?.deliveredAfterMs ?? null,
      alert?.clearedAfterMs ?? null,
      recoveredAfterMs,
    ].map(seconds);
    return `| ${[index + 1, `\`${name}\``, title, known?.difficulty ?? '', known?.felt === true ? 'yes' : '', alert?.name ?? '', ...times].join(' | ')} |`;
  });
  return [
    '| | fault | what is wrong | difficulty | felt | alert | check | mail | over | whole |',
    '|--:|---|---|--:|---|---|--:|--:|--:|--:|',
    ...rows,
  ].join('\n');
}

function matrix({ faults: drilled }: DrillResult, numbers: ReadonlyMap<string, number>): string {
  const checks = [...new Set(drilled.flatMap(({ checks: { failed } }) => failed))];
  const rows = checks.map(
    (check) =>
      `| \`${check}\` | ${drilled.map(({ checks: { failed } }) => (failed.includes(check) ? '●' : ' ')).join(' | ')} |`,
  );
  const columns = drilled.map(({ name }) => numbers.get(name));
  return [`| check | ${columns.join(' | ')} |`, `|---|${columns.map(() => ':-:').join('|')}|`, ...rows].join('\n');
}

function differences({ faults: drilled }: DrillResult): string[] {
  const different = drilled.filter(({ asDeclared }) => !asDeclared);
  if (different.length === 0) return [];
  return [
    '## Differences',
    ...different.map((fault) => [`- \`${fault.name}\``, ...difference(fault).map((line) => `  - ${line}`)].join('\n')),
  ];
}

function seconds(ms: number | null): string {
  return ms === null ? '–' : (ms / 1000).toFixed(1);
}

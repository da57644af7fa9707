import type { DrilledFault, DrillResult } from '../drill/result.ts';
import type { Colours } from './colours.ts';
import { drillMarkdown } from './drill-markdown.ts';
import { printable } from '../printable.ts';
import { columns } from './table.ts';

/** The formats of a drill's report. */
export const drillReporters = { terminal, json, markdown: (result: DrillResult) => drillMarkdown(result) };

function json(result: DrillResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

function terminal(result: DrillResult, colours: Colours): string {
  const { bold, dim, green, red } = colours;
  const head = ['', 'FAULT', 'CHECKS', 'FIRST', 'ALERT', 'MAIL', 'OVER', 'WHOLE'].map(dim);
  const rows = result.faults.map((fault) => [
    fault.asDeclared ? green('✔') : red('✘'),
    fault.name,
    String(fault.checks.failed.length),
    seconds(fault.firstFailedAfterMs),
    fault.alert?.name ?? '–',
    seconds(fault.alert?.deliveredAfterMs ?? null),
    seconds(fault.alert?.clearedAfterMs ?? null),
    seconds(fault.recoveredAfterMs),
  ]);
  const { summary, whole } = result;
  const last = [
    summary.different === 0
      ? green(`${summary.asDeclared} as declared`)
      : `${summary.asDeclared} as declared, ${red(`${summary.different} not`)}`,
    whole.failed.length === 0
      ? `then ${green(`${whole.passed} checks passed`)}`
      : red(`then ${whole.failed.length} checks failed`),
  ].join('; ');
  const differences = result.faults
    .filter(({ asDeclared }) => !asDeclared)
    .flatMap((fault) => ['', bold(fault.name), ...difference(fault).map((line) => `  ${line}`)]);
  const broken = whole.failed.map(({ check, observed }) => `  ${red('✘')} ${check}: ${printable(observed)}`);
  return `${columns([head, ...rows])}\n${differences.join('\n')}${differences.length > 0 ? '\n' : ''}\n${bold(result.lab)}: ${last} in ${Math.round(summary.durationMs / 1000)} s\n${broken.map((line) => `${line}\n`).join('')}`;
}

/** Where a fault did something else than it declares. */
export function difference({ checks, alert, recoveredAfterMs, evidence }: DrilledFault): string[] {
  return [
    ...checks.missing.map((id) => `did not fail: ${id}`),
    ...evidence.map(({ check, observed }) => `failed: ${check}: ${printable(observed)}`),
    ...(alert?.deliveredAfterMs === null ? [`no mail about ${alert.name} within ${alert.withinSeconds} s`] : []),
    ...(alert !== null && alert.deliveredAfterMs !== null && alert.clearedAfterMs === null
      ? [`no mail that ${alert.name} is over`]
      : []),
    ...(recoveredAfterMs === null ? ['did not recover'] : []),
  ];
}

function seconds(ms: number | null): string {
  return ms === null ? '–' : `${(ms / 1000).toFixed(1)} s`;
}

import pc from 'picocolors';
import type { CheckResult, VerifyResult } from '../checks/result.ts';
import { absence, byRequirement } from './by-requirement.ts';
import { printable } from '../printable.ts';
import type { ReportOptions } from './reporters.ts';

type Colours = ReturnType<typeof pc.createColors>;

/** For people: grouped by requirement, with all that helps under each failure, and one line that sums up. */
export function terminal(result: VerifyResult, options: ReportOptions = {}): string {
  const colours = pc.createColors(options.colour ?? pc.isColorSupported);
  const groups = byRequirement(result.checks).map(([requirement, checks]) =>
    [colours.bold(requirement), ...checks.flatMap((check) => lines(check, colours))].join('\n'),
  );
  const absent = absence(result);
  return [...groups, ...(absent === '' ? [] : [colours.yellow(absent)]), summary(result, colours)]
    .join('\n\n')
    .concat('\n');
}

function lines(check: CheckResult, colours: Colours): string[] {
  const title = printable(check.title);
  const id = colours.dim(check.id);
  if (check.status === 'passed') return [`  ${colours.green('✔')} ${title}  ${id}`];
  if (check.status === 'skipped') {
    const why = check.blockedBy === null ? printable(check.observed) : `blocked by ${printable(check.blockedBy)}`;
    return [`  ${colours.yellow('-')} ${title}  ${id}`, `      ${colours.yellow('skipped')}  ${why}`];
  }
  const detail = (name: string, text: string): string => `      ${colours.dim(name.padEnd(9))}  ${printable(text)}`;
  return [
    `  ${colours.red('✘')} ${title}  ${id}`,
    detail('expected', check.expected),
    `      ${colours.red('observed'.padEnd(9))}  ${printable(check.observed)}`,
    detail('reproduce', check.reproduce),
    detail('hint', check.hint),
  ];
}

function summary({ lab, summary: sum }: VerifyResult, colours: Colours): string {
  const counts = [
    colours.green(`${sum.passed} passed`),
    sum.failed > 0 ? colours.red(`${sum.failed} failed`) : '0 failed',
    ...(sum.skipped > 0 ? [colours.yellow(`${sum.skipped} skipped`)] : []),
  ].join(', ');
  const seconds = (sum.durationMs / 1000).toFixed(1);
  return `${printable(lab)}: ${counts}; ${sum.points} of ${sum.of} points in ${seconds} s`;
}

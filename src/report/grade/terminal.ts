import pc from 'picocolors';
import type { GradedCheck, GradeResult } from '../../grade/result.ts';
import type { Colours } from '../colours.ts';
import { shownTo } from './audience.ts';
import type { GradeReportOptions } from './reporters.ts';
import { causeOf, countsOf, failedFirst, points, scoreLine } from './score.ts';

/** For people: what failed first, each with all that helps, then what was adapted, and the score in the last line. */
export function terminal(result: GradeResult, options: GradeReportOptions): string {
  const colours = pc.createColors(options.colour ?? pc.isColorSupported);
  const shown = shownTo(result, options.audience);
  const checks = failedFirst(shown.checks).map((check) => lines(check, shown, colours).join('\n'));
  const sections = [
    `${colours.bold(shown.title)}  ${colours.dim(shown.student)}`,
    ...(shown.refusals.length === 0 ? [] : [refusals(shown, colours)]),
    ...(checks.length === 0 ? [] : [checks.join('\n')]),
    ...(shown.notes.length === 0
      ? []
      : [[colours.bold('notes'), ...shown.notes.map((note) => `  - ${note}`)].join('\n')]),
    score(shown, colours),
  ];
  return `${sections.join('\n\n')}\n`;
}

function refusals({ refusals: all }: GradeResult, colours: Colours): string {
  return all
    .map(({ code, message, where }) => {
      const place = where === undefined ? '' : `\n      ${colours.dim('at'.padEnd(14))}  ${where}`;
      return `  ${colours.red('✘')} ${message}  ${colours.dim(code)}${place}`;
    })
    .join('\n');
}

function lines(check: GradedCheck, { checks }: GradeResult, colours: Colours): string[] {
  const detail = (name: string, text: string, colour = colours.dim): string[] =>
    text === '' ? [] : [`      ${colour(name.padEnd(14))}  ${text.replaceAll('\n', `\n${' '.repeat(22)}`)}`];
  const worth = colours.dim(`${points(check.earned)}/${points(check.points)}  ${check.id}`);
  const title = `${check.title}${check.hidden ? colours.dim(' (hidden)') : ''}  ${worth}`;
  switch (check.status) {
    case 'passed':
      return [`  ${colours.green('✔')} ${title}`];
    case 'blocked':
      return [`  ${colours.yellow('-')} ${title}`, ...detail('blocked by', causeOf(check, checks), colours.yellow)];
    case 'not-measured':
      return [`  ${colours.yellow('?')} ${title}`, ...detail('not measured', check.observed, colours.yellow)];
    case 'failed':
      return [
        `  ${colours.red('✘')} ${title}`,
        ...detail('expected', check.expected),
        ...detail('observed', check.observed, colours.red),
        ...detail('see it at home', check.reproduce),
        ...detail('hint', check.hint),
      ];
  }
}

function score(result: GradeResult, colours: Colours): string {
  const colour =
    result.outcome === 'not-measured' ? colours.yellow : result.summary.passed ? colours.green : colours.red;
  return `${countsOf(result.checks)}; ${colour(scoreLine(result))}`;
}

import type { Problem, UserError } from '../errors.ts';
import type { Colours } from './colours.ts';
import { printableLine, printableLines } from './printable-lines.ts';

/** Every problem of an error with its place, what was expected, what was found and what to do. */
export function errorText(error: UserError, colours: Colours): string {
  const count = error.problems.length;
  const head = count > 1 ? `${colours.red(`${count} problems`)} ${colours.dim(`(${error.code})`)}\n` : '';
  return (
    head + error.problems.map((problem) => problemText(problem, count > 1 ? undefined : error.code, colours)).join('\n')
  );
}

/** The same for programs. */
export function errorJson(error: Pick<UserError, 'code' | 'problems'>): {
  error: { code: string; problems: readonly Problem[] };
} {
  return { error: { code: error.code, problems: error.problems } };
}

function problemText(problem: Problem, code: string | undefined, colours: Colours): string {
  const { where } = problem;
  const place = where && [where.file, where.line, where.column].filter((part) => part !== undefined).join(':');
  const details: [string, string | undefined][] = [
    ['at', place],
    ['expected', problem.expected],
    ['found', problem.found],
    ['to do', problem.fix],
  ];
  const first = `${colours.red('✖')} ${colours.bold(printableLine(problem.message))}${code === undefined ? '' : ` ${colours.dim(`(${code})`)}`}\n`;
  return (
    first +
    details
      .flatMap(([label, value]) =>
        value === undefined ? [] : [`    ${colours.dim(label.padEnd(9))} ${indented(printableLines(value))}\n`],
      )
      .join('')
  );
}

function indented(text: string): string {
  return text.replaceAll('\n', `\n${' '.repeat(14)}`);
}

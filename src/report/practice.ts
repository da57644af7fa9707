import type { Ending, Riddle } from '../drill/practice.ts';
import type { Colours } from './colours.ts';
import { fixedText } from './faults.ts';
import { printable } from '../printable.ts';

/** What the person is told of a riddle. */
export function riddleText({ visitor, mail, difficulty, hintsLeft }: Riddle, colours: Colours, lab: string): string {
  const { bold, dim } = colours;
  const seen =
    mail === undefined
      ? [`${bold('A visitor says:')} ${visitor}`]
      : [
          `${bold('Visitors notice nothing. The administrators got this mail:')}`,
          ...mail
            .trim()
            .split('\n')
            .map((line) => `  ${printable(line)}`),
        ];
  return [
    `Something is broken. ${dim(`Difficulty ${difficulty} of 3.`)}`,
    ...seen,
    '',
    'Find it and mend it, by whatever means.',
    `  ${lab} practice check   ${dim('see whether all is well again')}`,
    `  ${lab} practice hint    ${dim(`${hintsLeft} left`)}`,
    `  ${lab} practice end     ${dim('give up: it is put back, and you are told what it was')}`,
    '',
  ].join('\n');
}

/** How it ended. */
export function endingText({ solved, fault, seconds, hints, checks, fixed }: Ending, colours: Colours): string {
  const { bold, green, yellow } = colours;
  const took = `${Math.floor(seconds / 60)} min ${seconds % 60} s, ${hints} of ${fault.hints.length} hints, checked ${checks} ${checks === 1 ? 'time' : 'times'}`;
  return `${solved ? green('Solved') : yellow('Given up')}: ${took}.\nIt was ${bold(fault.name)}: ${fault.title}.\n${fixed.length === 0 ? '' : fixedText(fixed, colours)}`;
}

/** What still fails. */
export function failingText(failing: readonly { title: string; observed: string }[], { red }: Colours): string {
  return `Not yet: ${failing.length} ${failing.length === 1 ? 'check fails' : 'checks fail'}.\n${failing.map(({ title, observed }) => `  ${red('✘')} ${title}\n      ${printable(observed).slice(0, 200)}\n`).join('')}`;
}

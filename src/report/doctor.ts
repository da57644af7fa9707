import type { DoctorFinding } from '../engine/doctor/finding.ts';
import type { Colours } from './colours.ts';
import { printableLines } from './printable-lines.ts';

/** What `lab doctor` found, and under each thing that is not well how to mend it. */
export function doctorText(findings: readonly DoctorFinding[], colours: Colours): string {
  const { green, yellow, red, bold, dim } = colours;
  const marks = { ok: green('✔'), warning: yellow('!'), problem: red('✖') };
  const width = Math.max(...findings.map(({ title }) => title.length));
  const lines = findings.map(({ status, title, observed, fix }) => {
    const mending =
      fix === undefined
        ? ''
        : `\n${' '.repeat(width + 6)}${dim(printableLines(fix).replaceAll('\n', `\n${' '.repeat(width + 6)}`))}`;
    return `  ${marks[status]} ${title.padEnd(width)}  ${printableLines(observed)}${mending}\n`;
  });
  const bad = findings.filter(({ status }) => status === 'problem').length;
  const verdict =
    bad === 0
      ? 'This machine can run a lab.'
      : `This machine cannot run a lab yet: ${bad} thing${bad === 1 ? '' : 's'} to mend.`;
  return `${lines.join('')}\n${bold(verdict)}\n`;
}

import type { Fault } from '../faults/fault.ts';
import type { Mended } from '../faults/fix.ts';
import type { Colours } from './colours.ts';
import { printable } from '../printable.ts';

/** What `lab break` says of the fault that it has put in. @param watched whether the lab has monitoring */
export function faultText(fault: Fault, lab: string, watched: boolean): string {
  return [
    `${fault.name} is active: ${fault.title}.`,
    `A visitor notices: ${fault.visitor}`,
    watched
      ? `Within ${fault.alert.withinSeconds} s the administrators get a mail about ${fault.alert.name}.`
      : 'Nobody else is told: nothing watches this lab.',
    '',
    `  ${lab} verify    shows which checks fail`,
    `  ${lab} fix       puts everything back`,
    '',
  ].join('\n');
}

const words: Record<Mended['found'], string> = {
  'as-broken': 'as the fault left it; put back',
  repaired: 'repaired already; as it was',
  changed: 'changed by hand since the fault; put back to what it was before',
  gone: 'its container was gone; started again and put back',
};

/** What `lab fix` found and put back. */
export function fixedText(fixed: readonly { fault: Fault; mended: readonly Mended[] }[], colours: Colours): string {
  if (fixed.length === 0) return 'No fault is active.\n';
  return fixed
    .flatMap(({ fault, mended }) => [
      `${colours.green('✔')} ${colours.bold(fault.name)}  ${fault.title}`,
      ...mended.flatMap(({ touches, found, difference }) => [
        `    ${touches}: ${words[found]}`,
        ...difference.slice(0, 12).map((line) => `      ${colours.dim(printable(line))}`),
      ]),
    ])
    .join('\n')
    .concat('\n');
}

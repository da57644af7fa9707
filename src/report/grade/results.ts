import type { ResultComparison } from '../../grade/compare-results.ts';
import type { Verified } from '../../grade/signed-results.ts';
import type { Colours } from '../colours.ts';
import { columns } from '../table.ts';
import { boundedPrintable } from './bounded.ts';
import { scoreLine } from './score.ts';

const words: Readonly<Record<Verified['verdict'], string>> = {
  matches: '✔ matches',
  differs: '✘ changed since it was signed',
  'other-key': '✘ signed with another key',
  'no-signature': '✘ not signed',
  unreadable: '✘ cannot be read',
};

/**
 * A line for each result. Whose it is and its score are shown too: a whole result, signature and all, can be
 * put into another's folder, and only the name inside tells.
 */
export function verifiedText(verified: readonly Verified[], { green, red, dim }: Colours): string {
  const rows = verified.map(({ file, verdict, result, why }) => [
    (verdict === 'matches' ? green : red)(words[verdict]),
    boundedPrintable(file),
    result === undefined ? boundedPrintable(why ?? '') : boundedPrintable(result.student),
    result === undefined ? '' : dim(scoreLine(result)),
  ]);
  const good = verified.filter(({ verdict }) => verdict === 'matches').length;
  return `${columns(rows)}\n\n${good} of ${verified.length} signatures match.\n`;
}

/** What two gradings do not agree about, and one line that sums up. */
export function comparedText({ compared, differences }: ResultComparison, { bold, green, red }: Colours): string {
  const shown = differences.map(
    ({ name, lines }) =>
      `${bold(boundedPrintable(name))}\n${lines.map((line) => `  ${boundedPrintable(line)}\n`).join('')}`,
  );
  const count = compared === 1 ? 'One result' : `${compared} results`;
  const differ = differences.length === 1 ? 'one differs' : `${differences.length} differ`;
  const verdict = differences.length === 0 ? green('no difference') : red(compared === 1 ? 'it differs' : differ);
  return `${shown.join('\n')}${shown.length === 0 ? '' : '\n'}${count} compared: ${verdict}.\n`;
}

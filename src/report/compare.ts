import type { Comparison, ComparedCheck, Seen } from '../checks/compared.ts';
import { requirements } from '../checks/check.ts';
import type { Colours } from './colours.ts';
import { printable } from '../printable.ts';

export interface CompareReportOptions {
  colours: Colours;
  /** Columns of a line. */
  width: number;
  /** Lines of a screen; what is more is folded. Infinity folds nothing. */
  lines: number;
}

/** For people: what is seen on both and differs comes first, then what only one claims, and counts of what both prove. */
export function comparison(result: Comparison, options: CompareReportOptions): string {
  const { colours, width, lines } = options;
  const [one, other] = namesOf(result);
  const { both, first, second, neither } = result.checks;
  const measured = [...first, ...second].filter(isOnBoth);
  const head = [`${colours.bold(one)} ${counts(result, 0)}   ${colours.bold(other)} ${counts(result, 1)}`, ''];
  const tail = [
    ...(neither.length === 0
      ? []
      : [`Neither proves ${neither.length}: ${cut(neither.map(({ title }) => title).join(' · '), width - 22)}`]),
    `Both prove ${both.length}: ${byRequirement(both)}`,
  ];
  const differing =
    measured.length === 0
      ? []
      : [
          colours.bold('Measured on both, and different'),
          ...measured.flatMap((check) => onBoth(check, [one, other], options)),
          '',
        ];
  const [left, right] = [first, second].map((checks) => checks.filter((check) => !isOnBoth(check)));
  const room = lines - head.length - tail.length - differing.length - 4;
  const share = roomFor([left?.length ?? 0, right?.length ?? 0], room);
  return [
    ...head,
    ...differing,
    ...alone(`Only ${one} proves`, left ?? [], share[0] ?? 0, options),
    ...alone(`Only ${other} proves`, right ?? [], share[1] ?? 0, options),
    ...tail,
    '',
  ].join('\n');
}

function namesOf({ labs: [one, other] }: Comparison): [string, string] {
  const [first, second] = [printable(one.lab), printable(other.lab)];
  return first === second ? [printable(one.project), printable(other.project)] : [first, second];
}

function counts({ labs }: Comparison, index: 0 | 1): string {
  const { passed, measured } = labs[index];
  return `${passed} of ${measured} checks passed`;
}

function isOnBoth({ seen }: ComparedCheck): boolean {
  return seen.every((one) => one !== null && one.status !== 'skipped');
}

/** The title, and what was seen on either side. */
function onBoth(
  { title, seen }: ComparedCheck,
  names: readonly string[],
  { colours, width }: CompareReportOptions,
): string[] {
  const longest = Math.max(...names.map((name) => name.length));
  return [
    `  ${printable(title)}`,
    ...seen.map((one, index) => {
      const name = (names[index] ?? '').padEnd(longest);
      return `    ${mark(one, colours)} ${name}  ${cut(one?.observed ?? '', width - longest - 8)}`;
    }),
  ];
}

function mark(seen: Seen | null, { green, red }: Colours): string {
  return seen?.status === 'passed' ? green('✔') : red('✘');
}

/** What only one of them proves, as far as there is room. */
function alone(
  title: string,
  checks: readonly ComparedCheck[],
  room: number,
  { colours, width }: CompareReportOptions,
): string[] {
  if (checks.length === 0) return [];
  const shown = checks.length <= room ? checks : checks.slice(0, Math.max(1, room - 1));
  const more = checks.length - shown.length;
  return [
    colours.bold(`${title} (${checks.length})`),
    ...shown.map((check) => `  ${colours.green('✔')} ${cut(check.title, width - 5)}`),
    ...(more === 0
      ? []
      : [colours.dim(`    and ${more} more: ${byRequirement(checks.slice(shown.length))}; --all shows them`)]),
    '',
  ];
}

/** Shares lines among two lists: what one does not need, the other gets. */
function roomFor([one, other]: readonly [number, number], room: number): [number, number] {
  const half = Math.max(2, Math.floor(room / 2));
  if (one <= half) return [one, Math.max(2, room - one)];
  return other <= half ? [Math.max(2, room - other), other] : [half, half];
}

function byRequirement(checks: readonly ComparedCheck[]): string {
  return requirements
    .map((requirement) => ({ requirement, count: checks.filter((check) => check.requirement === requirement).length }))
    .filter(({ count }) => count > 0)
    .map(({ requirement, count }) => `${requirement} ${count}`)
    .join(', ');
}

function cut(text: string, width: number): string {
  const line = printable(text);
  return line.length <= width ? line : `${line.slice(0, Math.max(1, width - 1)).trimEnd()}…`;
}

/** The same as Markdown, with nothing folded. */
export function comparisonMarkdown(result: Comparison): string {
  const [one, other] = namesOf(result);
  const { both, first, second, neither } = result.checks;
  const cell = (seen: Seen | null): string => (seen === null ? '—' : `${seen.status}: ${escaped(seen.observed)}`);
  const rows = [...first, ...second, ...neither].map(
    ({ title, seen }) => `| ${escaped(title)} | ${cell(seen[0])} | ${cell(seen[1])} |`,
  );
  return [
    `# ${escaped(one)} and ${escaped(other)}`,
    '',
    `| check | ${escaped(one)} | ${escaped(other)} |`,
    '|---|---|---|',
    ...rows,
    '',
    `Both prove ${both.length}: ${byRequirement(both)}.`,
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return printable(text).replace(/[\\`*_{}[\]()#+!|<>~&]/g, (character) => `\\${character}`);
}

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { expectedChecks } from '../../../src/drill/expected.ts';
import { faultsFor } from '../../../src/faults/break.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith({ grafana: false }));
const cells = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The matrix of docs/faults.md: the checks that caught each fault, by its name. */
function documented(): Record<string, string[]> {
  const lines = readFileSync('docs/faults.md', 'utf8').split('\n');
  const names = lines
    .filter((line) => /^\| \d+ \| `/.test(line))
    .map((line) => (cells(line)[1] ?? '').replaceAll('`', ''));
  const rows = lines.filter((line) => /^\| `[a-z]+\.[a-z0-9-]+` \|/.test(line)).map(cells);
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      rows
        .filter((row) => row[index + 1] === '●')
        .map(([check = '']) => check.replaceAll('`', ''))
        .sort(),
    ]),
  );
}

test('docs/faults.md has every fault with the checks that it declares', () => {
  const declared = faultsFor(plan).map((fault) => [fault.name, expectedChecks(plan, fault).sort()]);
  expect(documented(), 'write it anew with `lab drill --all --reporter markdown --output docs/faults.md`').toEqual(
    Object.fromEntries(declared),
  );
});

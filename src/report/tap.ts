import type { CheckResult, VerifyResult } from '../checks/result.ts';
import { printable, printableJson } from '../printable.ts';

/** TAP version 14 (testanything.org). */
export function tap(result: VerifyResult): string {
  const points = result.checks.map((check, index) => point(check, index + 1));
  return ['TAP version 14', `1..${result.checks.length}`, ...points].join('\n').concat('\n');
}

function point(check: CheckResult, number: number): string {
  const name = words(`${check.id}: ${check.title}`);
  if (check.status === 'skipped') return `ok ${number} - ${name} # SKIP ${words(check.observed)}`;
  if (check.status === 'passed') return `ok ${number} - ${name}`;
  // JSON strings are YAML scalars.
  const details = (['expected', 'observed', 'reproduce', 'hint', 'durationMs'] as const).map(
    (key) => `  ${key}: ${printableJson(check[key])}`,
  );
  return [`not ok ${number} - ${name}`, '  ---', ...details, '  ...'].join('\n');
}

/** A description: `#` would begin a directive, and `\` escapes. */
function words(text: string): string {
  return printable(text).replace(/[\\#]/g, '\\$&');
}

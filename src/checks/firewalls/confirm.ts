import type { CheckContext } from '../check.ts';
import { tryAsService, tryAsStranger, type SeenRow } from './try-rows.ts';

/**
 * What should have passed and got no answer is tried once more, when the crowd is gone: a busy machine loses packets. An answer to
 * what is denied needs no second look, as nothing but a hole brings one.
 */
export async function confirmed(context: CheckContext, rows: readonly SeenRow[]): Promise<SeenRow[]> {
  const doubtful = rows.filter(
    ({ expected, seen, family }) => expected === 'allowed' && seen === 'filtered' && family === 'IPv4',
  );
  const starts = grouped(doubtful);
  const again = await Promise.all(
    [...starts.values()].map((group) => {
      const from = group[0]?.from;
      return from?.kind === 'service' ? tryAsService(context, from.service, group) : tryAsStranger(context, group);
    }),
  );
  const second = new Map(again.flat().map((row) => [keyOf(row), row]));
  return rows.map((row) => (doubtful.includes(row) ? (second.get(keyOf(row)) ?? row) : row));
}

function grouped(rows: readonly SeenRow[]): Map<string, SeenRow[]> {
  const groups = new Map<string, SeenRow[]>();
  for (const row of rows) groups.set(startOf(row), [...(groups.get(startOf(row)) ?? []), row]);
  return groups;
}

function startOf({ from }: SeenRow): string {
  return from.kind === 'service' ? `service/${from.service}` : `zone/${from.zone}`;
}

function keyOf(row: SeenRow): string {
  return `${startOf(row)} ${row.protocol} ${row.address} ${row.port}`;
}

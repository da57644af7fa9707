import { machineError } from '../../../errors.ts';
import type { MeasureContext } from '../measure.ts';
import { askQuery } from '../prometheus/ask.ts';

/**
 * What Prometheus saw of the stage is what rules are about. On a machine that is too busy it sees services fail that are well, and those
 * that are broken or mended late: no alert is wrong then, and nothing is measured.
 */
export function tooSlow(message: string, found: string): Error {
  return machineError('STAGE_SLOW', { message, found });
}

/** Unix time in milliseconds, by this machine’s clock, which is that of its containers. */
export interface Period {
  from: number;
  to: number;
}

/** For how many seconds of a period an expression held, by the `instance` of what it held for. */
export async function heldFor(
  context: MeasureContext,
  fact: string,
  { from, to }: Period,
): Promise<Map<string, number>> {
  const [length, ago] = [seconds(to - from), Math.max(0, seconds(Date.now() - to))];
  const offset = ago === 0 ? '' : ` offset ${ago}s`;
  const found = await askQuery(context, `count_over_time(max by (instance) (${fact})[${length}s:1s]${offset})`);
  return new Map(found.map(({ labels, value }) => [labels['instance'] ?? '', value]));
}

/** The names of the alerts that fired for an instance in a period, however short. */
export async function firedFor(context: MeasureContext, instance: string, { from, to }: Period): Promise<string[]> {
  // Prometheus keeps its alerts as a series, `ALERTS`, of which looking now and then would miss some.
  const series = `ALERTS{alertstate="firing",instance="${instance}"}`;
  const found = await askQuery(context, `max by (alertname) (count_over_time(${series}[${seconds(to - from)}s]))`);
  return found.map(({ labels }) => labels['alertname'] ?? '').sort();
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000);
}

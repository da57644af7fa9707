import type { Check } from './check.ts';

/** What decides when a check may run. */
export type Scheduled = Pick<Check, 'id' | 'dependsOn' | 'disturbs' | 'needs'>;

/** Disturbed by what nothing else can be measured beside: it runs alone, when the others are done. */
export const everything = 'everything';

/** Whether two checks must not run at the same time. */
export function collide(one: Scheduled, other: Scheduled): boolean {
  if ([one, other].some(({ disturbs = [] }) => disturbs.includes(everything))) return true;
  return (
    overlap(one.disturbs, other.disturbs) || overlap(one.disturbs, other.needs) || overlap(other.disturbs, one.needs)
  );
}

function overlap(some: readonly string[] = [], others: readonly string[] = []): boolean {
  return some.some((one) => others.includes(one));
}

/**
 * The order to start checks in so that all end soon: a check comes early when much waits for it. Those that depend on
 * it wait, and so do those that need what it disturbs: it spends its time waiting, and there is enough else to measure.
 */
export function startingOrder<C extends Scheduled>(checks: readonly C[]): C[] {
  const weights = new Map<string, number>();
  const weigh = (check: C): number => {
    const known = weights.get(check.id);
    if (known !== undefined) return known;
    weights.set(check.id, 0);
    const waiting = checks.filter((other) => waitsFor(other, check));
    // A disturbing check stops something and waits for it to come back: it takes as long as several others.
    const own = (check.disturbs ?? []).length > 0 ? 4 : 1;
    const weight = own + Math.max(0, ...waiting.map(weigh));
    weights.set(check.id, weight);
    return weight;
  };
  for (const check of checks) weigh(check);
  const rank = (check: C): number => (check.disturbs?.includes(everything) ? 0 : (weights.get(check.id) ?? 0));
  return [...checks].sort((one, other) => rank(other) - rank(one));
}

function waitsFor(later: Scheduled, earlier: Scheduled): boolean {
  if (later === earlier) return false;
  return (later.dependsOn ?? []).includes(earlier.id) || overlap(later.needs, earlier.disturbs);
}

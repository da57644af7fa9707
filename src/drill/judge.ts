import type { Plan } from '../plan/types.ts';
import { isWatched } from './inbox.ts';
import { compared, expectedChecks } from './expected.ts';
import type { Drilled } from './one-fault.ts';
import type { DrilledFault } from './result.ts';

/** Compares what was seen of a fault with what it declares. */
export async function judged(plan: Plan, seen: Drilled): Promise<DrilledFault> {
  const { fault, brokenAt, mendedAt, failed, stuck, notRecovered } = seen;
  const checks = compared(
    expectedChecks(plan, fault),
    failed.map(({ check }) => check),
  );
  const resolvedAt = await seen.resolvedAt;
  const asDeclared = [
    stuck.length === 0,
    checks.unexpected.length + checks.missing.length === 0,
    !isWatched(plan) || seen.firingAt !== undefined,
    !isWatched(plan) || resolvedAt !== undefined,
    seen.recoveredAt !== undefined,
  ].every(Boolean);
  return {
    name: fault.name,
    title: fault.title,
    asDeclared,
    checks,
    firstFailedAfterMs: between(brokenAt, seen.firstFailedAt),
    alert: isWatched(plan)
      ? {
          ...fault.alert,
          deliveredAfterMs: between(brokenAt, seen.firingAt),
          clearedAfterMs: between(mendedAt, resolvedAt),
        }
      : null,
    recoveredAfterMs: between(mendedAt, seen.recoveredAt),
    evidence: [...stuck, ...failed.filter(({ check }) => checks.unexpected.includes(check)), ...notRecovered],
  };
}

function between(from: Date, to: Date | undefined): number | null {
  return to === undefined ? null : to.getTime() - from.getTime();
}

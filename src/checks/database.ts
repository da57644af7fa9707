import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { accessChecks } from './database/access-checks.ts';
import { durabilityChecks } from './database/durability-checks.ts';
import { groupChecks } from './database/group-checks.ts';
import { replicationChecks } from './database/replication-checks.ts';

/** What the databases promise: every acknowledged row is on both, and nobody does more than is theirs to do. */
export function databaseChecks(plan: Plan): Check[] {
  // On a machine that runs much else, opening the places to ask from alone may take ten seconds.
  return [...replicationChecks(plan), ...durabilityChecks(plan), ...groupChecks(plan), ...accessChecks(plan)].map(
    (check) => ({
      ...check,
      timeoutMs: check.timeoutMs ?? 30_000,
      // One of them kills the primary.
      ...(check.disturbs === undefined ? { needs: ['database'] } : {}),
    }),
  );
}

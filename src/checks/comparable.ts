import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { checksFor } from './all.ts';
import { lossChecks } from './balancing/shared-address.ts';
import { lostPrimaryCheck } from './database/group-checks.ts';
import { diversityChecks } from './servers/diverse.ts';
import { secretCheck, strangersCheck } from './tls/inside.ts';

/**
 * Checks of what only some labs claim, that can be measured on every lab with the parts they look at: `lab compare` runs them on
 * both, so that a difference is seen and not inferred. One more goes here as a function of the plan; none where the parts lack.
 */
const comparable: readonly ((plan: Plan) => Check[])[] = [
  secretCheck,
  strangersCheck,
  lossChecks,
  diversityChecks,
  lostPrimaryCheck,
];

/** Checks that this lab does not claim and that can be measured on it all the same. */
export function measurableBeside(plan: Plan): Check[] {
  const claimed = checksFor(plan);
  const ids = new Set(claimed.map(({ id }) => id));
  const more = comparable.flatMap((checks) => checks(plan)).filter(({ id }) => !ids.has(id));
  return more.map((check) => ({ ...check, dependsOn: (check.dependsOn ?? []).filter((id) => ids.has(id)) }));
}

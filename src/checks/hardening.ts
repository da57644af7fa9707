import type { Plan } from '../plan/types.ts';
import type { Check } from './check.ts';
import { boundsChecks } from './hardening/bounds.ts';
import { rightsChecks } from './hardening/rights.ts';
import { stateChecks } from './hardening/state.ts';
import { secretsChecks } from './hardening/secrets.ts';

/** What every container promises, whatever runs in it; each check names those that break it. */
export function hardeningChecks(plan: Plan): Check[] {
  return [...rightsChecks(plan), ...boundsChecks(plan), ...secretsChecks(plan), ...stateChecks(plan)].map((check) => ({
    ...check,
    requirement: 'hardening',
  }));
}

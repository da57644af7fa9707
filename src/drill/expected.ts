import picomatch from 'picomatch';
import { checksFor } from '../checks/all.ts';
import type { Fault } from '../faults/fault.ts';
import type { Plan } from '../plan/types.ts';

/** The ids of the checks that a fault declares, in the order of the checks. @throws when one of its globs matches none */
export function expectedChecks(plan: Plan, { name, checks, also = [] }: Pick<Fault, 'name' | 'checks' | 'also'>): string[] {
  const ids = checksFor(plan).map(({ id }) => id);
  const matchers = checks.map((glob) => ({ glob, matches: picomatch(glob) }));
  const idle = matchers.find(({ matches }) => !ids.some((id) => matches(id)));
  if (idle !== undefined) throw new Error(`${name} declares ${idle.glob}, and this lab has no such check`);
  const too = also.map((glob) => picomatch(glob));
  return ids.filter((id) => matchers.some(({ matches }) => matches(id)) || too.some((matches) => matches(id)));
}

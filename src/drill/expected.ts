import picomatch from 'picomatch';
import { checksFor } from '../checks/all.ts';
import type { Fault } from '../faults/fault.ts';
import type { Plan } from '../plan/types.ts';
import type { DrilledFault } from './result.ts';

/** The ids of the checks that a fault declares, of those that this lab has, in their order. */
export function expectedChecks(plan: Plan, { checks, also = [] }: Pick<Fault, 'checks' | 'also'>): string[] {
  const matchers = [...checks, ...also].map((glob) => picomatch(glob));
  return checksFor(plan).flatMap(({ id }) => (matchers.some((matches) => matches(id)) ? [id] : []));
}

/** What was to fail beside what did; ids of checks. */
export function compared(expected: string[], failed: string[]): DrilledFault['checks'] {
  return {
    expected,
    failed,
    unexpected: failed.filter((id) => !expected.includes(id)),
    missing: expected.filter((id) => !failed.includes(id)),
  };
}

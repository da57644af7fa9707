import { requirements, type Requirement } from '../checks/check.ts';
import type { CheckResult } from '../checks/result.ts';

/** The checks of each requirement that has any, in the order that reports use. */
export function byRequirement(checks: readonly CheckResult[]): [Requirement, CheckResult[]][] {
  return requirements
    .map((requirement): [Requirement, CheckResult[]] => [
      requirement,
      checks.filter((check) => check.requirement === requirement),
    ])
    .filter(([, some]) => some.length > 0);
}

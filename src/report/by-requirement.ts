import { requirements, type Requirement } from '../checks/check.ts';
import { listed } from '../checks/services.ts';
import type { CheckResult, VerifyResult } from '../checks/result.ts';

/** The checks of each requirement that has any, in the order that reports use. */
export function byRequirement(checks: readonly CheckResult[]): [Requirement, CheckResult[]][] {
  return requirements
    .map((requirement): [Requirement, CheckResult[]] => [
      requirement,
      checks.filter((check) => check.requirement === requirement),
    ])
    .filter(([, some]) => some.length > 0);
}

/** What a lab does not have, and so does not promise; empty where it has everything. */
export function absence({ absent }: Pick<VerifyResult, 'absent'>): string {
  return absent.length === 0
    ? ''
    : `This lab has nothing to measure of ${listed(absent)}, and promises nothing about it.`;
}

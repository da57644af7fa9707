import type { VerifyResult } from '../checks/result.ts';
import type { Open } from '../life/running.ts';
import { verifyProject } from '../life/verify.ts';

/** A check that failed, and what it saw. */
export interface Failure {
  check: string;
  observed: string;
}

/** How long checks may take to pass again after the mending, and an alert to be over. */
export const recoveryMs = 45_000;

export function failedOf({ checks }: VerifyResult): Failure[] {
  return checks.filter(({ status }) => status === 'failed').map(({ id, observed }) => ({ check: id, observed }));
}

/** Measures what had failed until it passes. */
export async function recovery(
  { docker, project }: Open,
  failed: readonly Failure[],
  since: Date,
  signal: AbortSignal,
): Promise<{ recoveredAt: Date | undefined; notRecovered: Failure[] }> {
  let left = [...failed];
  while (left.length > 0) {
    left = failedOf(
      await verifyProject(docker, project, { only: left.map(({ check }) => check) }, { emit: () => undefined, signal }),
    );
    if (left.length > 0 && Date.now() - since.getTime() > recoveryMs)
      return { recoveredAt: undefined, notRecovered: left };
  }
  return { recoveredAt: new Date(), notRecovered: [] };
}

import type { VerifyResult } from '../checks/result.ts';
import type { Emit } from '../events.ts';
import type { Open } from '../life/running.ts';
import { verifyProject } from '../life/verify.ts';

interface Io {
  emit: Emit;
  signal: AbortSignal;
}

/** A check that failed, and what it saw. */
export interface Failure {
  check: string;
  observed: string;
}

/** How long a check may take to see a fault: HAProxy and Prometheus ask now and then, and notice it only when they have. */
export const noticeMs = 15_000;

export function failedOf({ checks }: VerifyResult): Failure[] {
  return checks.filter(({ status }) => status === 'failed').map(({ id, observed }) => ({ check: id, observed }));
}

/** Measures what a fault is to break until it fails. @returns those that did */
export async function failuresToCome(open: Open, checks: readonly string[], io: Io): Promise<Failure[]> {
  const deadline = performance.now() + noticeMs;
  const failed: Failure[] = [];
  let left = [...checks];
  while (left.length > 0 && performance.now() < deadline) {
    failed.push(...(await failing(open, left, io)));
    left = left.filter((check) => !failed.some((one) => one.check === check));
  }
  return failed;
}

/** Measures what failed beside it until it passes. @returns what did not */
export async function failuresThatStay(
  open: Open,
  checks: readonly string[],
  io: Io,
  withinMs = noticeMs,
): Promise<Failure[]> {
  const deadline = performance.now() + withinMs;
  let failed: Failure[] = [];
  let left = [...checks];
  while (left.length > 0) {
    failed = await failing(open, left, io);
    left = performance.now() < deadline ? failed.map(({ check }) => check) : [];
  }
  return failed;
}

/** Measures these checks, by their ids. @returns those that failed */
export async function failing({ docker, project }: Open, only: string[], io: Io): Promise<Failure[]> {
  return failedOf(await verifyProject(docker, project, { only }, io));
}

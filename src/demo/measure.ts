import { checksFor } from '../checks/all.ts';
import type { CheckResult } from '../checks/result.ts';
import { failure } from '../errors.ts';
import { measuring, verifyProject } from '../life/verify.ts';
import type { Player } from './cast.ts';
import { claims } from './claims/all.ts';
import type { Exhibit } from './claims/claim.ts';

/** Measures a claim or a check on a lab. @throws UserError `DEMO_BROKEN` when there is none of that name */
export async function measure(
  id: string,
  { open: { docker, project } }: Player,
  signal: AbortSignal,
): Promise<{ title: string; exhibit: Exhibit }> {
  const claim = claims.find((one) => one.id === id);
  const io = { emit: () => undefined, signal };
  if (claim !== undefined) {
    return { title: claim.title, exhibit: await measuring(docker, project, io, (context) => claim.run(context)) };
  }
  if (!checksFor(project.plan).some((check) => check.id === id)) throw broken(`there is no check or claim ${id}`, '');
  const { checks } = await verifyProject(docker, project, { only: [id] }, io);
  const { title, status, observed } = checks[0] as CheckResult;
  return { title, exhibit: { status, observed } };
}

/** Measures a claim or a check again and again until it is so, or the time is over. @returns what was measured last */
export async function measureUntil(
  status: Exhibit['status'],
  id: string,
  player: Player,
  deadlineMs: number,
  signal: AbortSignal,
): ReturnType<typeof measure> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const measured = await measure(id, player, signal);
    if (measured.exhibit.status === status || performance.now() > deadline) return measured;
  }
}

/** Something is not as a demo tells it. */
export function broken(message: string, found: string): Error {
  return failure('DEMO_BROKEN', {
    message,
    ...(found === '' ? {} : { found }),
    fix: '`lab verify` tells what is wrong with the lab',
  });
}

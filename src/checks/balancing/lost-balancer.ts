import { setTimeout as sleep } from 'node:timers/promises';
import type { SharedAddressPlan } from '../../plan/types.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { siteOf } from '../site.ts';
import { holdersOf, readyOf } from './holders.ts';
import { costOf, SteadyVisitors } from './steady-visitors.ts';

/** How long the loss of the balancer that holds the address may cost visitors. */
export const longestWithoutBalancerMs = 3000;
/** Until all are ready to hold the address. */
const readyDeadlineMs = 20_000;

/** How the active balancer is lost: its container is killed, or its HAProxy is stopped in its tracks and answers nobody. */
export type Loss = 'killed' | 'hung';

/** The address that visitors come to, and who can hold it: in a lab with one balancer that one alone. */
type Shared = Pick<SharedAddressPlan, 'address' | 'among'>;

/** What visitors saw of it. */
export interface LostBalancer {
  old: string;
  /** Who held the address afterwards. */
  next: readonly string[];
  /** From the loss to the first visitor who was answered again; null when nobody was. */
  costMs: number | null;
  visitors: number;
  unanswered: number;
  /** Visitors who got no answer while the old one came back. */
  unansweredAtReturn: number;
  /** Whether the old one was ready again in time, and the address had stayed where it was. */
  back: boolean;
}

/** Takes the balancer that holds the address away under steady visitors, and gives it back. @throws when nobody, or more than one, holds it */
export async function loseBalancer(context: CheckContext, shared: Shared, how: Loss): Promise<LostBalancer> {
  await untilReady(context, shared);
  const [old, ...others] = await holdersOf(context, shared);
  if (old === undefined || others.length > 0) throw new Error('one balancer must hold the address to begin with');
  const { lose, give } = losses(context, old)[how];
  const visitors = new SteadyVisitors(await siteOf(context));
  let given = false;
  try {
    await visitors.untilAnswered(0, 5, 5000);
    const lost = performance.now();
    await lose();
    await visitors.untilAnswered(lost, 10, 3 * longestWithoutBalancerMs);
    const next = await holdersOf(context, { ...shared, among: shared.among.filter((name) => name !== old) });
    const returned = performance.now();
    given = true;
    await give();
    await untilReady(context, shared);
    await sleep(500);
    const after = await holdersOf(context, shared);
    const visits = await visitors.stop();
    const during = visits.filter(({ sent }) => sent < returned && sent > lost - 1000);
    return {
      old,
      next,
      costMs: costOf(during, lost),
      visitors: during.length,
      unanswered: during.filter(({ good }) => !good).length,
      unansweredAtReturn: visits.filter(({ sent, good }) => sent >= returned && !good).length,
      back: after.join() === next.join(),
    };
  } finally {
    if (!given) await give();
    await visitors.stop();
  }
}

/** @throws when they are not in time */
async function untilReady(context: CheckContext, shared: Shared): Promise<void> {
  const deadline = performance.now() + readyDeadlineMs;
  for (;;) {
    const ready = await readyOf(context, shared);
    if (ready.length === shared.among.length) return;
    if (performance.now() > deadline)
      throw new Error(
        `of ${shared.among.join(' and ')} only ${ready.join(' and ') || 'nobody'} could hold the address`,
      );
    await sleep(100);
  }
}

function losses(context: CheckContext, name: string): Record<Loss, { lose(): Promise<void>; give(): Promise<void> }> {
  const signal = async (how: string): Promise<void> => {
    const { exitCode, stderr } = await context.exec(name, ['s6-svc', how, '/run/service/haproxy']);
    if (exitCode !== 0) throw new Error(`s6-svc ${how} of HAProxy on ${name} failed: ${stderr.trim()}`);
  };
  return {
    killed: { lose: () => context.kill(name), give: () => context.start(name) },
    hung: { lose: () => signal('-p'), give: () => signal('-c') },
  };
}

/** Passes when it cost visitors little, and its return nothing. */
export async function survivesLoss(context: CheckContext, shared: Shared, how: Loss): Promise<Observation> {
  const { old, next, costMs, visitors, unanswered, unansweredAtReturn, back } = await loseBalancer(
    context,
    shared,
    how,
  );
  const good =
    costMs !== null && costMs <= longestWithoutBalancerMs && next.length === 1 && back && unansweredAtReturn === 0;
  if (next.length === 0)
    return verdict(
      false,
      `${old} ${how}: nobody took its place; ${unanswered} of ${visitors} visitors without an answer, until it was back`,
    );
  const cost =
    costMs === null ? 'nobody was answered any more' : `answered again after ${(costMs / 1000).toFixed(1)} s`;
  const returned = back ? `${old} came back and left it there` : `with ${old} the address did not stay there`;
  const noticed =
    unansweredAtReturn === 0 ? 'which no visitor noticed' : `which ${unansweredAtReturn} visitors noticed`;
  return verdict(
    good,
    `${old} ${how}: ${cost}, by ${next.join(' and ') || 'nobody'} (${unanswered} of ${visitors} visitors without an answer); ${returned}, ${noticed}`,
  );
}

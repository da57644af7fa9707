import { setTimeout as pause } from 'node:timers/promises';
import type { Trouble } from '../../stage/origins.ts';
import type { MeasureContext } from '../measure.ts';
import { outcomeWords, visits, type Scheme } from './visit.ts';

const allServeMs = 10_000;

/** Who answered each visit, or what became of it. */
export interface Round {
  servers: (string | undefined)[];
  words: string[];
}

/** Visits, by the servers that answered them. */
export async function round(
  context: MeasureContext,
  scheme: Scheme,
  count: number,
  purpose: string,
  timeoutMs?: number,
): Promise<Round> {
  const seen = await visits(context, scheme, count, purpose, timeoutMs === undefined ? {} : { timeoutMs });
  const servers = seen.map(({ path, outcome }) =>
    outcome.ok ? context.origins.read(outcome, path)?.server : undefined,
  );
  const words = seen.map(({ outcome }, index) => servers[index] ?? outcomeWords(outcome));
  return { servers, words };
}

/** Puts a server in trouble once all of them serve, and ends the trouble when `measure` is through. */
export async function inTrouble<T>(
  context: MeasureContext,
  { scheme, server, trouble }: { scheme: Scheme; server: string; trouble: Trouble },
  measure: () => Promise<T>,
): Promise<T> {
  await untilAllServe(context, scheme);
  try {
    await context.origins.trouble(server, trouble);
    await untilSeen(context, server, trouble);
    return await measure();
  } finally {
    await context.origins.wake();
  }
}

/** What was in trouble before is used again, so that one measurement does not help the next; what is never used is not waited for long. */
export async function untilAllServe(context: MeasureContext, scheme: Scheme): Promise<void> {
  const deadline = performance.now() + allServeMs;
  for (let turn = 0; performance.now() < deadline; turn += 1) {
    const { servers } = await round(context, scheme, 6, `all/${context.fresh('all')}/${turn}`);
    if (context.origins.names.every((name) => servers.includes(name))) return;
    await pause(200, undefined, { signal: context.signal });
  }
}

/** What is measured begins when the trouble is there: a neighbour sees it. */
async function untilSeen({ lab, signal }: MeasureContext, server: string, trouble: Trouble): Promise<void> {
  const { address, zone } = lab.service(server);
  const neighbour = lab.vantages.from({ zone });
  for (;;) {
    const answer = await neighbour.tryHttp({ address, path: '/healthz', timeoutMs: 300 });
    if (trouble === 'ails' ? answer.ok && answer.status === 500 : !answer.ok) return;
    await pause(20, undefined, { signal });
  }
}

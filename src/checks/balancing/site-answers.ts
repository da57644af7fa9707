import type { HttpOutcome } from '../../probe/operations/http.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { siteOf } from '../site.ts';

/** A page of a healthy lab takes some 10 ms; on a machine that is busy, the quickest of several still less than this. */
export const quickMs = 250;
/** What a small site must have room for; HAProxy's own default is in the thousands. */
export const fewestConnections = 500;

/** How often each server is given a turn at /readyz: other visitors take turns in between, always the same server's perhaps. */
const mostRounds = 5;

/** Asks for the page and for the servers' readiness, often enough for each server to have its turn at that. */
export async function siteAnswers(context: CheckContext, servers: number): Promise<Observation> {
  const site = await siteOf(context);
  const ask = async (path: string): Promise<{ path: string; outcome: HttpOutcome }[]> => {
    const asks = Array.from({ length: servers }, () => ({ path, timeoutMs: 6000 }));
    return (await site.askMany(asks, { width: 3 })).map((outcome) => ({ path, outcome }));
  };
  const answers = await ask('/');
  const asked = new Set<string | undefined>();
  for (let round = 0; round < mostRounds && asked.size < servers; round += 1) {
    const ready = await ask('/readyz');
    answers.push(...ready);
    for (const { outcome } of ready) asked.add(outcome.ok ? outcome.headers['x-served-by'] : undefined);
  }
  const wrong = answers.flatMap(({ path, outcome }) => problemOf(path, outcome));
  const words = [...new Set(wrong)].sort().join('; ');
  return verdict(
    wrong.length === 0,
    wrong.length === 0
      ? `${answers.length} requests, each answered with 200`
      : `${wrong.length} of ${answers.length} not answered with 200: ${words}`,
  );
}

function problemOf(path: string, outcome: HttpOutcome): string[] {
  if (!outcome.ok) return [`${path}: ${outcome.error.message} (${outcome.error.code})`];
  if (outcome.status === 200) return [];
  const server = outcome.headers['x-served-by'];
  const by = server === undefined ? '' : ` by ${server}`;
  return [`${path}: ${outcome.status}${by} ${path === '/readyz' ? outcome.body.trim().slice(0, 80) : ''}`.trim()];
}

/** The quickest of several requests: what else runs on this machine slows some of them, and a slow way all. */
export async function siteQuick(context: CheckContext): Promise<Observation> {
  const site = await siteOf(context);
  const outcomes = await site.askMany(
    Array.from({ length: 6 }, () => ({ path: '/healthz' })),
    { connection: 'reuse' },
  );
  const times = outcomes.flatMap((outcome) => (outcome.ok ? [outcome.ms] : []));
  const quickest = Math.min(...times);
  return verdict(
    quickest <= quickMs,
    times.length === 0 ? 'no answer' : `the quickest of ${times.length} after ${quickest} ms`,
  );
}

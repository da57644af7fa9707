import { verdict, type CheckContext, type Observation } from '../check.ts';
import { siteOf } from '../site.ts';

/** A page of a healthy lab takes some 10 ms; on a machine that is busy, the quickest of several still less than this. */
export const quickMs = 250;
/** What a small site must have room for; HAProxy's own default is in the thousands. */
export const fewestConnections = 500;

/** Asks for the page and for the servers' readiness, often enough for each server to have its turn at both. */
export async function siteAnswers(context: CheckContext, servers: number): Promise<Observation> {
  const site = await siteOf(context);
  const asks = Array.from({ length: 2 * servers }, (_, index) => ({
    path: index < servers ? '/' : '/readyz',
    timeoutMs: 6000,
  }));
  const outcomes = await site.askMany(asks, { width: 3 });
  const wrong = outcomes.flatMap((outcome, index) => {
    const path = asks[index]?.path ?? '';
    if (!outcome.ok) return [`${path}: ${outcome.error.message} (${outcome.error.code})`];
    const server = outcome.headers['x-served-by'];
    const by = server === undefined ? '' : ` by ${server}`;
    return outcome.status === 200
      ? []
      : [`${path}: ${outcome.status}${by} ${path === '/readyz' ? outcome.body.trim().slice(0, 80) : ''}`.trim()];
  });
  const words = [...new Set(wrong)].sort().join('; ');
  return verdict(
    wrong.length === 0,
    wrong.length === 0
      ? `${asks.length} requests, each answered with 200`
      : `${wrong.length} of ${asks.length} not answered with 200: ${words}`,
  );
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

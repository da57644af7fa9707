import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import type { HttpOutcome } from '../../../probe/operations/http.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { outcomeWords, tallied, visits } from './visit.ts';

/** Browsers are told, on every answer over HTTPS, to come by HTTPS for long enough (RFC 6797). */
export const hsts = defineMeasure({
  options: z.strictObject({
    leastSeconds: z.int(),
    visits: z.int().default(6),
    /** With no server left, so that the balancer answers itself. */
    noServers: z.boolean().default(false),
  }),
  alone: true,
  run: async (context, { leastSeconds, visits: count, noServers }) => {
    const outcomes = noServers ? await ownAnswers(context) : await answers(context, count, 'hsts');
    const words = outcomes.map((outcome) => {
      if (!outcome.ok) return outcomeWords(outcome);
      const seconds = maxAge(outcome.headers['strict-transport-security']);
      if (seconds === undefined) return `${outcome.status} without it`;
      return seconds >= leastSeconds ? 'told' : `${outcome.status} with max-age=${seconds}`;
    });
    return { good: words.every((word) => word === 'told'), observed: tallied(words) };
  },
});

async function answers(context: MeasureContext, count: number, purpose: string): Promise<HttpOutcome[]> {
  return (await visits(context, 'https', count, purpose)).map(({ outcome }) => outcome);
}

/** What comes when no server is there any more. */
async function ownAnswers(context: MeasureContext): Promise<HttpOutcome[]> {
  const { origins, signal } = context;
  await Promise.all(origins.names.map((name) => origins.silence(name)));
  try {
    const deadline = performance.now() + 4000;
    for (let round = 0; ; round += 1) {
      const seen = await answers(context, 2, `own/${round}`);
      const own = seen.every((outcome) => outcome.ok && outcome.status >= 500);
      if (own || performance.now() > deadline) return seen;
      await pause(100, undefined, { signal });
    }
  } finally {
    await origins.wake();
  }
}

/** The directive's value; the last header counts for nothing, so two of them are one that is not understood. */
function maxAge(header: string | undefined): number | undefined {
  const value = /(?:^|;)\s*max-age\s*=\s*"?(\d{1,10})"?\s*(?:;|$)/i.exec(header ?? '')?.[1];
  return value === undefined ? undefined : Number(value);
}

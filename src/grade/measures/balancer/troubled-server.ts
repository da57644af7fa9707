import * as z from 'zod';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { settled } from '../settled.ts';
import { inTrouble, round } from './trouble.ts';
import { tallied, visits, type Scheme } from './visit.ts';

const scheme = z.enum(['http', 'https']).default('http');
const trouble = z.enum(['ends', 'ails', 'hangs']);

/** Once there was time to notice, visitors go to the other servers, and every one of them is answered. */
export const avoids = defineMeasure({
  options: z.strictObject({
    scheme,
    server: z.string(),
    trouble,
    visits: z.int().default(12),
    noticeSeconds: z.number(),
  }),
  alone: true,
  run: (context, options) => inTrouble(context, options, () => avoided(context, options)),
});

const withinTime = z.strictObject({
  scheme,
  server: z.string(),
  trouble,
  visits: z.int().default(12),
  withinSeconds: z.number(),
});

/** From the very moment on, no visit is lost: each is answered by a server within the time. */
export const losesNone = defineMeasure({
  options: withinTime,
  alone: true,
  run: (context, options) =>
    inTrouble(context, options, async () => {
      const timeoutMs = options.withinSeconds * 1000;
      const { servers, words } = await round(context, options.scheme, options.visits, 'none-lost', timeoutMs);
      return { good: servers.every((name) => name !== undefined), observed: `answered by: ${tallied(words)}` };
    }),
});

/** From the very moment on, every visit has some answer within the time, if only an error. */
export const boundsWaiting = defineMeasure({
  options: withinTime,
  alone: true,
  run: (context, options) =>
    inTrouble(context, options, async () => {
      const timeoutMs = options.withinSeconds * 1000;
      const seen = await visits(context, options.scheme, options.visits, 'bounded', { timeoutMs });
      const words = seen.map(({ outcome }) => (outcome.ok ? String(outcome.status) : outcome.error.message));
      return { good: seen.every(({ outcome }) => outcome.ok), observed: tallied(words) };
    }),
});

/** A server that was avoided and is well again gets visitors again. */
export const usesAgain = defineMeasure({
  options: z.strictObject({
    scheme,
    server: z.string(),
    trouble,
    visits: z.int().default(12),
    noticeSeconds: z.number(),
    withinSeconds: z.number(),
  }),
  alone: true,
  run: async (context, options) => {
    const gone = await inTrouble(context, options, () => avoided(context, options));
    if (!gone.good) return gone;
    return settled(context, options.withinSeconds, async (turn) => {
      const { servers, words } = await round(context, options.scheme, options.visits, `again/${turn}`);
      const good = servers.includes(options.server);
      return { good, observed: `with ${options.server} well again, answered by: ${tallied(words)}` };
    });
  },
});

async function avoided(
  context: MeasureContext,
  options: { scheme: Scheme; server: string; trouble: string; visits: number; noticeSeconds: number },
): Promise<Seen> {
  return settled(context, options.noticeSeconds, async (turn) => {
    const purpose = `avoid/${options.trouble}/${turn}`;
    const { servers, words } = await round(context, options.scheme, options.visits, purpose);
    const good = servers.every((name) => name !== undefined && name !== options.server);
    return { good, observed: `when ${options.server} ${options.trouble}, answered by: ${tallied(words)}` };
  });
}

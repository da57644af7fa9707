import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { settled } from '../settled.ts';
import { outcomeWords, tallied, visits } from './visit.ts';

/** One server's process ends: no visit may fail once the balancer has had the time to notice. */
export const survivesLostServer = defineMeasure({
  options: z.strictObject({
    scheme: z.enum(['http', 'https']).default('https'),
    server: z.string(),
    visits: z.int().default(12),
    /** How long the balancer's health checks may take; HAProxy's own defaults are three failures, 2 s apart. */
    noticeSeconds: z.number().default(8),
  }),
  alone: true,
  run: async (context, options) => {
    await context.origins.silence(options.server);
    try {
      await untilGone(context, options.server);
      return await settled(context, options.noticeSeconds, async (turn) => {
        const seen = await visits(context, options.scheme, options.visits, `lost/${turn}`);
        const words = seen.map(({ path, outcome }) =>
          outcome.ok && context.origins.read(outcome, path) !== undefined ? 'answered' : outcomeWords(outcome),
        );
        const good = words.every((word) => word === 'answered');
        return { good, observed: `with ${options.server} gone: ${tallied(words)}`, evidence: [] };
      });
    } finally {
      await context.origins.wake();
    }
  },
});

/** The signal is under way when it has been sent; what is measured begins when the port is closed. */
async function untilGone({ lab, signal }: MeasureContext, server: string): Promise<void> {
  const { address, zone } = lab.service(server);
  const neighbour = lab.vantages.from({ zone });
  while ((await neighbour.tcp({ address, port: 80, timeoutMs: 500 })).state === 'open')
    await pause(20, undefined, { signal });
}

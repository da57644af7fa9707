import * as z from 'zod';
import { defineMeasure } from '../measure.ts';
import { activeTargets, secondsOf } from './ask.ts';

/** Targets are asked as often as is said, each of them. */
export const interval = defineMeasure({
  options: z.strictObject({ seconds: z.number(), least: z.int().default(1) }),
  run: async (context, { seconds, least }) => {
    const targets = await activeTargets(context);
    const other = targets.filter(({ scrapeInterval }) => secondsOf(scrapeInterval) !== seconds);
    const found = [...new Set(other.map(({ scrapeInterval }) => scrapeInterval))].join(', ');
    return {
      good: other.length === 0 && targets.length >= least,
      observed:
        other.length > 0
          ? `${other.length} of ${targets.length} targets are asked every ${found}`
          : `${targets.length} targets`,
      evidence: other.map(({ scrapeUrl, scrapeInterval }) => `${scrapeUrl}: every ${scrapeInterval}`),
    };
  },
});

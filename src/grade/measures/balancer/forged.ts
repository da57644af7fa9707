import * as z from 'zod';
import { defineMeasure } from '../measure.ts';
import { outcomeWords, tallied, visits } from './visit.ts';

/** What a visitor says about where the request came from does not reach a server. */
export const dropsForged = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const mark = context.fresh('forged');
    const forged = {
      'x-forwarded-for': `203.0.113.${1 + (parseInt(mark.slice(0, 2), 16) % 250)}`,
      'x-forwarded-proto': `h${mark.slice(0, 6)}`,
      'x-forwarded-host': `${mark.slice(0, 10)}.example`,
    };
    const seen = await visits(context, 'https', 4, 'forged', { headers: forged });
    const words = seen.map(({ path, outcome }) => {
      const told = outcome.ok ? context.origins.read(outcome, path) : undefined;
      if (told === undefined) return `no answer of a server (${outcomeWords(outcome)})`;
      const kept = Object.entries(forged).filter(([name, value]) => told.headers[name]?.includes(value));
      return kept.length === 0
        ? 'nothing of it'
        : kept.map(([name]) => `${name}: ${told.headers[name] ?? ''}`).join(' and ');
    });
    return { good: words.every((word) => word === 'nothing of it'), observed: `servers were told ${tallied(words)}` };
  },
});

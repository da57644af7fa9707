import * as z from 'zod';
import { defineMeasure } from '../measure.ts';
import { outcomeWords, tallied, visitor, visits } from './visit.ts';

/** Every visit over HTTP is sent to the same name and page over HTTPS. */
export const redirects = defineMeasure({
  options: z.strictObject({
    codes: z.array(z.int()).default([301, 302, 303, 307, 308]),
    visits: z.int().default(8),
    /** Whether the name must stay. */
    sameSite: z.boolean().default(false),
    /** Visits are made under the site's other name. */
    alias: z.boolean().default(false),
    /** Whether path and query must be kept. */
    keepsPath: z.boolean().default(false),
  }),
  run: async (context, options) => {
    const { domain } = visitor(context);
    const name = options.alias ? (context.plan.lab.site.aliases[0] ?? domain) : domain;
    const seen = await visits(context, 'http', options.visits, 'redirects', { host: name });
    const words = seen.map(({ path, outcome }) => {
      if (!outcome.ok || !options.codes.includes(outcome.status)) return outcomeWords(outcome);
      const location = outcome.headers['location'] ?? '';
      const to = URL.canParse(location) ? new URL(location) : undefined;
      if (to?.protocol !== 'https:') return `${outcome.status} to ${location === '' ? 'nowhere' : location}`;
      if (options.sameSite && to.hostname !== name) return `${outcome.status} to another site`;
      if (options.keepsPath && `${to.pathname}${to.search}` !== path)
        return `${outcome.status}, but path or query are lost`;
      return `${outcome.status} to https`;
    });
    const good = words.every((word) => / to https$/.test(word));
    return {
      good,
      observed: tallied(words),
      evidence: words.map((word, index) => `${seen[index]?.path ?? ''}: ${word}`),
    };
  },
});

import * as z from 'zod';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { untilAllServe } from './trouble.ts';
import { outcomeWords, tallied, visits } from './visit.ts';

const scheme = z.enum(['http', 'https']).default('https');

/** Every visit is answered by one of the servers behind. */
export const answers = defineMeasure({
  options: z.strictObject({ scheme, visits: z.int().default(8) }),
  run: async (context, options) => {
    const seen = await visits(context, options.scheme, options.visits, 'answers');
    const words = seen.map(({ path, outcome }) => {
      if (!outcome.ok || outcome.status !== 200) return outcomeWords(outcome);
      return context.origins.read(outcome, path) === undefined
        ? '200, but not from a server behind'
        : 'answered by a server';
    });
    const good = words.every((word) => word === 'answered by a server');
    return {
      good,
      observed: tallied(words),
      evidence: words.map((word, index) => `${seen[index]?.path ?? ''}: ${word}`),
    };
  },
});

/** Several servers share the visits; evenly: no share is a quarter more or less than that. */
export const spreads = defineMeasure({
  options: z.strictObject({
    scheme,
    visits: z.int().default(12),
    least: z.int().default(2),
    evenly: z.boolean().default(false),
  }),
  run: async (context, options) => {
    if (options.evenly) await untilAllServe(context, options.scheme);
    const seen = await visits(context, options.scheme, options.visits, 'spreads');
    const servers = seen.map(
      ({ path, outcome }) => (outcome.ok ? context.origins.read(outcome, path)?.server : undefined) ?? 'nobody',
    );
    const names = new Set(servers.filter((name) => name !== 'nobody'));
    const share = servers.length / Math.max(names.size, 1);
    const counts = [...names].map((name) => servers.filter((one) => one === name).length);
    const even = counts.every((count) => Math.abs(count - share) <= share / 4);
    const good = names.size >= options.least && (!options.evenly || even);
    return { good, observed: `answered by: ${tallied(servers)}`, evidence: [] };
  },
});

/** The servers are told what the visitor came with. */
export const tells = defineMeasure({
  options: z.strictObject({ scheme, header: z.string().toLowerCase(), value: z.string() }),
  run: async (context, options) => {
    const seen = await visits(context, options.scheme, 4, 'tells');
    const wanted = await meant(context, options.value);
    const told = seen.map(({ path, outcome }) => {
      const answer = outcome.ok ? context.origins.read(outcome, path) : undefined;
      return answer === undefined
        ? `no answer of a server (${outcomeWords(outcome)})`
        : (answer.headers[options.header] ?? 'nothing');
    });
    return {
      good: told.every((value) => value === wanted),
      observed: `servers were told ${tallied(told)}`,
      evidence: [],
    };
  },
});

/** `visitor` and `domain` stand for what only the stage knows. */
async function meant({ lab, plan }: MeasureContext, value: string): Promise<string> {
  if (value === 'visitor') return lab.vantages.addressIn('edge');
  return value === 'domain' ? plan.lab.site.domain : value;
}

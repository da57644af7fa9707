import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { activeTargets, askQuery, selectorOf } from './ask.ts';
import { stirred } from './scraped.ts';

/** The prober was asked once more by then, where it is asked at all. */
const deadlineMs = 4000;
const pollMs = 300;

const options = z.strictObject({
  scheme: z.enum(['http', 'https']),
  module: z.string(),
  /** What the target must be called. */
  instance: z.string().optional(),
  /** What the prober must have been answered with. */
  status: z.int(),
});

/** The prober is asked about the site, and has opened it as a visitor does. */
export const probed = defineMeasure({
  options,
  run: async (context, wanted) => {
    await stirred(context);
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const seen = await look(context, wanted);
      if (seen.good || !seen.asked || performance.now() > deadline) return seen;
      await pause(pollMs, undefined, { signal: context.signal });
    }
  },
});

async function look(context: MeasureContext, wanted: z.output<typeof options>): Promise<Seen & { asked: boolean }> {
  const { domain } = context.plan.lab.site;
  const prober = context.lab.service('prober');
  const page = `${wanted.scheme}://${domain}/`;
  const all = (await activeTargets(context)).filter(({ scrapeUrl }) => URL.canParse(scrapeUrl));
  const about = all.filter(({ scrapeUrl }) => scrapeUrl.includes(domain) || scrapeUrl.includes(':9115/'));
  const evidence = about.map(({ scrapeUrl, health, lastError }) => `${scrapeUrl} ${health} ${lastError}`.trim());
  const target = all.find(({ scrapeUrl }) => {
    const { hostname, port, pathname, searchParams } = new URL(scrapeUrl);
    const asked = searchParams.get('target') ?? '';
    return (
      [prober.name, prober.address].includes(hostname) &&
      [port, pathname].join('') === '9115/probe' &&
      searchParams.get('module') === wanted.module &&
      URL.canParse(asked) &&
      new URL(asked).href === page
    );
  });
  if (target === undefined)
    return {
      asked: false,
      good: false,
      observed: `the prober is not asked for ${page} with ${wanted.module}`,
      evidence,
    };
  if (target.health !== 'up')
    return {
      asked: true,
      good: false,
      observed: `the prober’s answer is not taken: ${target.lastError || target.health}`,
      evidence,
    };
  if (wanted.instance !== undefined && target.labels['instance'] !== wanted.instance)
    return {
      asked: false,
      good: false,
      observed: `the target’s instance is ${target.labels['instance'] ?? ''}`,
      evidence,
    };
  const own = selectorOf(target.labels);
  const [[success], [status]] = await Promise.all([
    askQuery(context, `probe_success${own}`),
    askQuery(context, `probe_http_status_code${own}`),
  ]);
  return {
    asked: true,
    good: success?.value === 1 && status?.value === wanted.status,
    observed: `${page}: ${success === undefined ? 'nothing is kept' : success.value === 1 ? 'success' : 'no success'}, status ${status?.value ?? 'unknown'}`,
    evidence,
  };
}

import * as z from 'zod';
import { defineMeasure } from '../measure.ts';
import { activeTargets } from './ask.ts';

/** Every target of a service carries the service’s name and zone, so that alerts tell people where to look. */
export const labelled = defineMeasure({
  options: z.strictObject({
    services: z.array(z.string()).min(1),
    labels: z.array(z.enum(['instance', 'zone', 'job'])).min(1),
    /** Fewer are too few to be judged by. */
    least: z.int().default(1),
  }),
  run: async (context, { services, labels, least }) => {
    const targets = await activeTargets(context);
    const seen = targets.flatMap((target) => {
      const url = URL.canParse(target.scrapeUrl) ? new URL(target.scrapeUrl) : undefined;
      const service = services
        .map((name) => context.lab.service(name))
        .find(({ name, address }) => url !== undefined && [name, address].includes(url.hostname));
      const scrape = service?.scrapes.find(({ port }) => String(port) === url?.port);
      if (service === undefined || scrape === undefined) return [];
      // A firewall stands between zones: any of them will do.
      const zone = service.kind === 'firewall' ? target.labels['zone'] : service.zone;
      const wanted = { instance: service.name, zone, job: scrape.job };
      return [{ where: `${service.name}:${scrape.port}`, wanted, has: target.labels }];
    });
    const problems = seen.flatMap(({ where, wanted, has }) =>
      labels
        .filter((label) => has[label] !== wanted[label])
        .map((label) => `${where}: ${label} is ${has[label] ?? 'not there'}, not ${wanted[label]}`),
    );
    const few = seen.length < least ? [`only ${seen.length} targets lead to a server`] : [];
    const all = [...few, ...problems];
    return {
      good: all.length === 0,
      observed:
        all.length === 0 ? `${seen.length} targets, each with ${labels.join(' and ')}` : all.slice(0, 5).join('; '),
      evidence: all,
    };
  },
});

import * as z from 'zod';
import { instantQuery, type Sample } from '../../../probe/prometheus.ts';
import { rolesOf } from '../../compose/roles.ts';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { tallied, outcomeWords } from '../balancer/visit.ts';
import { addressesOf, asked, lostServer, ownOf, settled } from './own.ts';

/** Whether Prometheus reached each service at its last look; undefined where it has no target there. */
async function seenBy(context: MeasureContext): Promise<Map<string, boolean> | string> {
  const own = ownOf(context);
  const { prometheus } = own.roles;
  if (prometheus === undefined) return 'lab-roles.yml names no prometheus';
  const { address, zone } = context.lab.service(prometheus);
  let samples: Sample[];
  try {
    samples = await instantQuery(context.lab.vantages.from({ zone }), { address, port: 9090 }, 'up');
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const hosts = samples.map(({ labels, value }) => ({
    host: (labels['instance'] ?? '').replace(/:\d+$/, ''),
    up: value === 1,
  }));
  const found = new Map<string, boolean>();
  for (const { service } of rolesOf(own.roles)) {
    if (service === prometheus) continue;
    const names = [service, ...addressesOf(own, service)];
    const ups = hosts.filter(({ host }) => names.includes(host)).map(({ up }) => up);
    if (ups.length > 0) found.set(service, ups.every(Boolean));
  }
  return found;
}

/** Prometheus asks every service for its figures, and gets them. */
export const watchesAll = defineMeasure({
  options: z.strictObject({ seconds: z.number().default(8) }),
  run: (context, { seconds }) =>
    settled(context, seconds, async () => {
      const found = await seenBy(context);
      if (typeof found === 'string') return { good: false, observed: found };
      const { roles } = ownOf(context);
      const names = rolesOf(roles)
        .map(({ service }) => service)
        .filter((name) => name !== roles.prometheus);
      const bad = names.filter((name) => found.get(name) !== true);
      const words = bad.map((name) => `${name} ${found.has(name) ? 'is down' : 'has no target'}`);
      return {
        good: bad.length === 0,
        observed: bad.length === 0 ? `${names.length} services are up` : words.join(', '),
      };
    }),
});

/** A server is killed: no visit may fail once the balancer has noticed. The server stays away. */
export const survives = defineMeasure({
  options: z.strictObject({ visits: z.int().default(12), noticeSeconds: z.number().default(8) }),
  alone: true,
  run: async (context, { visits, noticeSeconds }) => {
    const lost = lostServer(context);
    await context.lab.kill(lost);
    const request = await asked(context, '/api/whoami');
    return settled(context, noticeSeconds, async (): Promise<Seen> => {
      const outcomes = await context.lab.vantages
        .from({ zone: 'edge' })
        .httpMany({ requests: Array.from({ length: visits }, () => request), connection: 'fresh' });
      const words = outcomes.map(outcomeWords);
      return { good: words.every((word) => word === '200'), observed: `with ${lost} gone: ${tallied(words)}` };
    });
  },
});

/** Prometheus notices a server that was killed, and tells it from those that were not. */
export const notices = defineMeasure({
  options: z.strictObject({ seconds: z.number().default(10) }),
  alone: true,
  run: async (context, { seconds }) => {
    const lost = lostServer(context);
    await context.lab.kill(lost);
    return settled(context, seconds, async () => {
      const found = await seenBy(context);
      if (typeof found === 'string') return { good: false, observed: found };
      const others = ownOf(context).roles.web.filter((name) => name !== lost);
      const good = found.get(lost) === false && others.every((name) => found.get(name) === true);
      const word = (name: string): string =>
        ({ true: 'up', false: 'down', undefined: 'unknown' })[`${found.get(name)}`] ?? '';
      return {
        good,
        observed: `with ${lost} gone: ${[lost, ...others].map((name) => `${name} ${word(name)}`).join(', ')}`,
      };
    });
  },
});

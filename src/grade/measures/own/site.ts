import * as z from 'zod';
import { outcomeWords, tallied } from '../balancer/visit.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { settled } from '../settled.ts';
import { asked, door, ownOf, visit } from './own.ts';

/** Every service of the project keeps running. */
export const runs = defineMeasure({
  options: z.strictObject({}),
  run: ({ starts }) => {
    const down = [...starts].filter(([, { ready }]) => !ready);
    return Promise.resolve({
      good: starts.size > 0 && down.length === 0,
      observed:
        down.length === 0
          ? `${starts.size} services run`
          : down.map(([name, { words }]) => `${name} ${words}`).join('; '),
      evidence: down.flatMap(([name, { log }]) => log.map((line) => `${name}: ${line}`)),
    });
  },
});

/** The site answers over HTTPS with the lab's application. */
export const https = defineMeasure({
  options: z.strictObject({ visits: z.int().default(6), seconds: z.number().default(6) }),
  run: (context, options) =>
    settled(context, options.seconds, async () => {
      const request = await asked(context, '/api/whoami');
      const visitor = context.lab.vantages.from({ zone: 'edge' });
      const outcomes = await visitor.httpMany({ requests: Array.from({ length: options.visits }, () => request) });
      const words = outcomes.map((outcome) =>
        outcome.ok && outcome.status === 200 && !/"scheme":\s*"https"/.test(outcome.body)
          ? '200, but the application was not told of HTTPS'
          : outcomeWords(outcome),
      );
      return { good: words.every((word) => word === '200'), observed: tallied(words) };
    }),
});

/** The certificate is for the name that visitors use, whoever signed it. */
export const certificate = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const { domain } = context.plan.lab.site;
    const visitor = context.lab.vantages.from({ zone: 'edge' });
    const outcome = await visitor.tls({ address: await door(context), port: 443, servername: domain });
    if (!outcome.ok) return { good: false, observed: `no TLS at port 443: ${outcome.error.message}` };
    const { names } = outcome.certificate;
    const bare = domain.slice(domain.indexOf('.') + 1);
    const good = names.some((name) => [domain, `*.${bare}`].includes(name.replace(/^DNS:/, '')));
    return { good, observed: `its names: ${names.join(', ') || 'none'}` };
  },
});

/** HTTP leads to the same page over HTTPS, for good. */
export const redirects = defineMeasure({
  options: z.strictObject({ codes: z.array(z.int()).default([301, 308]) }),
  run: async (context, { codes }) => {
    const path = `/${context.fresh('redirect')}?page=1`;
    const { address, host, timeoutMs } = await asked(context, path);
    const outcome = await context.lab.vantages.from({ zone: 'edge' }).tryHttp({
      address,
      path,
      port: 80,
      ...(host === undefined ? {} : { host }),
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
    });
    const good =
      outcome.ok &&
      codes.includes(outcome.status) &&
      outcome.headers['location'] === `https://${context.plan.lab.site.domain}${path}`;
    return { good, observed: outcomeWords(outcome) };
  },
});

/** Browsers are told to come by HTTPS only (RFC 6797). */
export const hsts = defineMeasure({
  options: z.strictObject({ leastSeconds: z.int().default(15_552_000) }),
  run: async (context, { leastSeconds }) => {
    const outcome = await visit(context, '/');
    const header = outcome.ok ? outcome.headers['strict-transport-security'] : undefined;
    const seconds = Number(/max-age="?(\d+)/i.exec(header ?? '')?.[1] ?? 0);
    return {
      good: seconds >= leastSeconds,
      observed: outcome.ok ? `Strict-Transport-Security: ${header ?? 'none'}` : outcomeWords(outcome),
    };
  },
});

/** Visits arrive at every server: by what the engine counts at its own end of each server's link, not by what anybody says. */
export const spreads = defineMeasure({
  options: z.strictObject({
    visits: z.int().default(18),
    least: z.int().default(3),
    seconds: z.number().default(8),
  }),
  // A server that came up a moment after the balancer has its health checks before it.
  run: (context, { visits, least, seconds }) =>
    settled(context, seconds, async () => {
      const { web } = ownOf(context).roles;
      const before = await received(context, web);
      const load = 3000;
      const request = await asked(context, '/api/whoami', {
        headers: { 'x-load': context.fresh('load').repeat(load / 30) },
      });
      const outcomes = await context.lab.vantages
        .from({ zone: 'edge' })
        .httpMany({ requests: Array.from({ length: visits }, () => request), connection: 'fresh' });
      const after = await received(context, web);
      const share = web.map((name, index) => ({ name, bytes: (after[index] ?? 0) - (before[index] ?? 0) }));
      // Health checks are far smaller than one of these visits.
      const busy = share.filter(({ bytes }) => bytes > (load * visits) / web.length / 3);
      return {
        good: busy.length >= least && outcomes.every((outcome) => outcome.ok && outcome.status === 200),
        observed: `${tallied(outcomes.map(outcomeWords))}; bytes that came in: ${share.map(({ name, bytes }) => `${name} ${bytes}`).join(', ')}`,
      };
    }),
});

/** Bytes that came to each service so far, of any network. */
function received({ lab, docker }: MeasureContext, services: readonly string[]): Promise<number[]> {
  return Promise.all(
    services.map(async (name) => {
      const { Id } = await lab.facts(name);
      const stats = await docker.getContainer(Id).stats({ stream: false, 'one-shot': true });
      return Object.values(stats.networks ?? {}).reduce((sum, { rx_bytes: bytes }) => sum + bytes, 0);
    }),
  );
}

import { verdict, type CheckContext, type Observation } from '../check.ts';
import { quickMs } from '../balancing/site-answers.ts';
import { servicesOf } from '../services.ts';
import { directly } from '../site.ts';

/** The quickest of several requests to each, from its own zone. */
export async function answersQuickly(context: CheckContext): Promise<Observation> {
  const seen = await Promise.all(
    servicesOf(context.plan, 'web').map(async (server) => {
      const { name, zone } = server;
      const ask = await directly(context, server, { path: '/healthz' });
      const outcomes = await context.vantages
        .from({ zone })
        .httpMany({ requests: [ask, ask, ask, ask], connection: 'reuse' });
      return { name, ms: Math.min(...outcomes.map((outcome) => (outcome.ok ? outcome.ms : Infinity))) };
    }),
  );
  return verdict(
    seen.every(({ ms }) => ms <= quickMs),
    seen.map(({ name, ms }) => `${name} ${ms} ms`).join(', '),
  );
}

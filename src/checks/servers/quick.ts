import { verdict, type CheckContext, type Observation } from '../check.ts';
import { quickMs } from '../balancing/site-answers.ts';
import { servicesOf } from '../services.ts';

/** The quickest of several requests to each, from its own zone. */
export async function answersQuickly(context: CheckContext): Promise<Observation> {
  const seen = await Promise.all(
    servicesOf(context.plan, 'web').map(async ({ name, address, zone }) => {
      const ask = { address, port: 80, path: '/healthz', host: context.plan.lab.site.domain };
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

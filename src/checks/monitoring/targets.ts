import type { Plan } from '../../plan/types.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { once } from '../once.ts';
import { servicesOf } from '../services.ts';
import { doorTo, jsonOf } from '../site.ts';

interface ActiveTarget {
  labels: Record<string, string>;
  scrapeUrl: string;
  health: string;
  lastError: string;
}

/** Asks Prometheus' HTTP API (`/api/v1/…`) for what is not an expression. @throws when it is not answered */
export async function prometheusApi<T>(context: CheckContext, path: string): Promise<T> {
  const [prometheus] = servicesOf(context.plan, 'prometheus');
  if (prometheus === undefined) throw new Error('this lab has no Prometheus');
  const { vantage, ...at } = doorTo(context, prometheus.name, 9090);
  const answer = jsonOf(await vantage.http({ ...at, path: `/api/v1/${path}`, maxBytes: 1024 * 1024 })) as {
    status: string;
    data: T;
  };
  if (answer.status !== 'success') throw new Error(`Prometheus answered ${JSON.stringify(answer).slice(0, 200)}`);
  return answer.data;
}

/** What Prometheus should ask: `job instance`, for the plan's scrapes and for the outside probe's pages. */
export function plannedTargets(plan: Plan): string[] {
  const scrapes = plan.services.flatMap((service) => service.scrapes.map(({ job }) => `${job} ${service.name}`));
  return servicesOf(plan, 'prober').length === 0 ? scrapes : [...scrapes, 'site site', 'site redirect'];
}

export async function targetsUp(context: CheckContext): Promise<Observation> {
  const { activeTargets } = await once(
    context,
    'monitoring/targets',
    () => prometheusApi<{ activeTargets: ActiveTarget[] }>(context, 'targets?state=active'),
    100,
  );
  const planned = [...new Set(plannedTargets(context.plan))];
  const found = activeTargets.map(({ labels }) => `${labels['job'] ?? ''} ${labels['instance'] ?? ''}`);
  const down = activeTargets
    .filter(({ health }) => health !== 'up')
    .map(({ scrapeUrl, health, lastError }) => `${scrapeUrl} ${health} (${lastError})`);
  const missing = planned.filter((target) => !found.includes(target)).map((target) => `${target} is not asked`);
  const unexpected = found
    .filter((target) => !planned.includes(target))
    .map((target) => `${target} is not in the plan`);
  const problems = [...down, ...missing, ...unexpected];
  return verdict(
    problems.length === 0,
    problems.length === 0 ? `${activeTargets.length} targets up, none missing, none unexpected` : problems.join('; '),
  );
}

import { setTimeout as sleep } from 'node:timers/promises';
import { siteProbes } from '../../plan/alerts/site-probes.ts';
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
  /** When it was last asked, in RFC 3339. */
  lastScrape: string;
  /** How often it is asked, for example `2s`. */
  scrapeInterval: string;
}

/** On a busy machine Prometheus skips a turn or two. */
const deadlineIntervals = 4;

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
  return servicesOf(plan, 'prober').length === 0
    ? scrapes
    : [...scrapes, ...siteProbes.map(({ name }) => `site ${name}`)];
}

/**
 * Prometheus' targets once each has been asked again: what is known from before may be about something that has gone since.
 * Those that were not asked in time are as they were.
 */
export function freshTargets(context: CheckContext): Promise<readonly ActiveTarget[]> {
  return once(context, 'monitoring/targets', () => untilAsked(context), 100);
}

async function untilAsked(context: CheckContext): Promise<readonly ActiveTarget[]> {
  const usual = `${context.plan.lab.monitoring.scrapeIntervalSeconds}s`;
  // By Prometheus' own clock, which gives the times of its scrapes too.
  const [now] = await context.prometheus('vector(time())');
  const deadline = performance.now() + deadlineIntervals * context.plan.lab.monitoring.scrapeIntervalSeconds * 1000;
  for (;;) {
    const { activeTargets } = await prometheusApi<{ activeTargets: ActiveTarget[] }>(context, 'targets?state=active');
    const asked = activeTargets.every(({ scrapeInterval, lastScrape, health }) =>
      // What is asked seldom is not waited for, unless it was never asked: Prometheus has just been started then.
      scrapeInterval === usual ? Date.parse(lastScrape) / 1000 > (now?.value ?? 0) : health !== 'unknown',
    );
    if (asked || performance.now() > deadline) return activeTargets;
    await sleep(250);
  }
}

export async function targetsUp(context: CheckContext): Promise<Observation> {
  const activeTargets = await freshTargets(context);
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

import { stacks } from '../../plan/stacks.ts';
import type { Plan } from '../../plan/types.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { freshTargets } from './targets.ts';

/** A metric that each monitoring client has, and between what bounds a sound value lies. */
const vital: Readonly<Record<string, { metric: string; least: number; most: number }>> = {
  node: { metric: 'node_memory_MemAvailable_bytes', least: 1e6, most: 1e14 },
  ...Object.fromEntries(Object.values(stacks).map(({ process, vital }) => [process, vital])),
  application: { metric: 'app_info', least: 1, most: 1 },
  haproxy: { metric: 'haproxy_process_uptime_seconds', least: 0, most: 1e10 },
  mysql: { metric: 'mysql_up', least: 1, most: 1 },
};

/** How old a sample may be, in scrape intervals: one may be missed. */
const oldest = 3;

interface Client {
  job: string;
  service: string;
}

/** The monitoring clients of services of the given kinds. */
function clientsOf(plan: Plan, kinds: readonly string[]): Client[] {
  return plan.services
    .filter(({ kind }) => kinds.includes(kind))
    .flatMap(({ name, scrapes }) =>
      scrapes.filter(({ job }) => job in vital).map(({ job }) => ({ job, service: name })),
    );
}

/** Whether every client of services of these kinds has given a sound value lately. */
export async function clientsFresh(context: CheckContext, kinds: readonly string[]): Promise<Observation> {
  await freshTargets(context);
  const clients = clientsOf(context.plan, kinds);
  const metrics = [...new Set(clients.map(({ job }) => vital[job]?.metric ?? ''))].join('|');
  const selector = `{__name__=~"${metrics}"}`;
  const [values, ages] = await Promise.all([
    context.prometheus(selector),
    // `timestamp` drops the metric's name, so the job tells the clients apart.
    context.prometheus(`time() - timestamp(${selector})`),
  ]);
  const most = oldest * context.plan.lab.monitoring.scrapeIntervalSeconds;
  const problems = clients.flatMap(({ job, service }) => {
    const of = ({ labels }: { labels: Readonly<Record<string, string>> }): boolean =>
      labels['job'] === job && labels['instance'] === service;
    const [value, age, bounds] = [values.find(of)?.value, ages.find(of)?.value, vital[job]];
    if (value === undefined || age === undefined || bounds === undefined) return [`${service}: nothing from ${job}`];
    if (age > most) return [`${service}: ${job} is ${age.toFixed(1)} s old`];
    return value >= bounds.least && value <= bounds.most ? [] : [`${service}: ${bounds.metric} is ${value}`];
  });
  const eldest = Math.max(0, ...ages.map(({ value }) => value)).toFixed(1);
  const services = new Set(clients.map(({ service }) => service)).size;
  return verdict(
    problems.length === 0 && clients.length > 0,
    problems.length === 0
      ? `${clients.length} clients on ${services} services, samples at most ${eldest} s old`
      : problems.join('; '),
  );
}

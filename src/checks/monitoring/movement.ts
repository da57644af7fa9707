import { setTimeout as sleep } from 'node:timers/promises';
import type { Sample } from '../../probe/prometheus.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { ofAnyStack } from '../../plan/stacks.ts';
import type { Plan } from '../../plan/types.ts';
import { once } from '../once.ts';
import { databasesOf, servicesOf } from '../services.ts';
import { siteOf, tryServer, type Site } from '../site.ts';

/** How much one counter of one service rose after the requests. */
interface Rise {
  counter: string;
  service: string;
  by: number;
}

const perServer = 6;
/** One scrape is enough where nothing else goes on. */
const deadlineIntervals = 4;

/** The web servers in front, whatever they are. */
const front = 'web server';

const counters = ({ lab }: Plan): Readonly<Record<string, string>> => ({
  HAProxy: 'sum by (instance) (haproxy_frontend_http_requests_total{proxy="https"})',
  [front]: `sum by (instance) (${ofAnyStack(lab, ({ requests }) => requests)})`,
  application: 'sum by (instance) (http_requests_total{route="/api/messages"})',
  MySQL: 'sum by (instance) (mysql_global_status_commands_total{command="select"})',
});

// One expression asks for all: `or` keeps series apart that differ in a label.
const expressionFor = (plan: Plan): string =>
  Object.entries(counters(plan))
    .map(([counter, sum]) => `label_replace(${sum}, "counter", "${counter}", "", "")`)
    .join(' or ');

interface Movement {
  requests: number;
  rises: Rise[];
  ms: number;
}

/** Reads through the site, and waits for Prometheus to have counted it everywhere. Measured once for all checks. */
function movement(context: CheckContext): Promise<Movement> {
  return once(context, 'monitoring/movement', () => measure(context), 100);
}

async function measure(context: CheckContext): Promise<Movement> {
  const { plan } = context;
  const expression = expressionFor(plan);
  const requests = perServer * servicesOf(plan, 'web').length;
  const [site, before] = await Promise.all([siteOf(context), context.prometheus(expression)]);
  const started = performance.now();
  const interval = plan.lab.monitoring.scrapeIntervalSeconds * 1000;
  for (let round = 0; ;) {
    // Once is enough, unless a server was away just then: another check stops one and starts it again.
    if (performance.now() - started >= round * interval) {
      round += 1;
      await Promise.all([read(site, requests), readEach(context)]);
    }
    const rises = risesSince(before, await context.prometheus(expression));
    const ms = Math.round(performance.now() - started);
    if (complete(context, rises, requests) || ms > deadlineIntervals * interval) return { requests, rises, ms };
    await sleep(250);
  }
}

/** A server that the balancer leaves out counts too: whether it gets visitors is another check's matter. */
async function readEach(context: CheckContext): Promise<void> {
  const servers = servicesOf(context.plan, 'web');
  await Promise.all(
    servers.map((server) => tryServer(context, server, { path: '/api/messages?limit=1', timeoutMs: 1000 })),
  );
}

async function read(site: Site, requests: number): Promise<void> {
  const asks = Array.from({ length: requests }, () => ({ path: '/api/messages?limit=1' }));
  const outcomes = await site.askMany(asks, { connection: 'reuse' });
  const bad = outcomes.find((outcome) => !outcome.ok || outcome.status !== 200);
  if (bad !== undefined) throw new Error(`the site answered ${bad.ok ? bad.status : bad.error.code}`);
}

function risesSince(before: readonly Sample[], after: readonly Sample[]): Rise[] {
  return after.map(({ labels, value }) => {
    const then = before.find(
      (one) => one.labels['counter'] === labels['counter'] && one.labels['instance'] === labels['instance'],
    );
    const from = then?.value ?? 0;
    // A counter that is lower than before began again from 0, as Prometheus' own functions take it.
    return {
      counter: labels['counter'] ?? '',
      service: labels['instance'] ?? '',
      by: value < from ? value : value - from,
    };
  });
}

function complete(context: CheckContext, rises: readonly Rise[], requests: number): boolean {
  return (
    requestProblems(context, rises, requests).length === 0 && databaseProblems(context, rises, requests).length === 0
  );
}

/** Each request is counted by HAProxy, by some web server in front and by its application; every server has had its share. */
function requestProblems({ plan }: CheckContext, rises: readonly Rise[], requests: number): string[] {
  const total = (counter: string): number =>
    rises.filter((one) => one.counter === counter).reduce((sum, { by }) => sum + by, 0);
  const idle = servicesOf(plan, 'web').flatMap(({ name }) =>
    [front, 'application']
      .filter((counter) => !((rises.find((one) => one.counter === counter && one.service === name)?.by ?? 0) > 0))
      .map((counter) => `${counter} of ${name} stood still`),
  );
  const short = ['HAProxy', front, 'application']
    .filter((counter) => total(counter) < requests)
    .map((counter) => `${counter} counted ${total(counter)} of ${requests}`);
  return [...idle, ...short];
}

/** Every read of a message is a SELECT on the replica; in a group, on one of its members. */
function databaseProblems({ plan }: CheckContext, rises: readonly Rise[], requests: number): string[] {
  const counted = (names: readonly string[]): number =>
    rises.reduce(
      (sum, { counter, service, by }) => (counter === 'MySQL' && names.includes(service) ? sum + by : sum),
      0,
    );
  const members = databasesOf(plan, 'member').map(({ name }) => name);
  const those = [...databasesOf(plan, 'replica').map(({ name }) => [name]), ...(members.length === 0 ? [] : [members])];
  return those
    .filter((names) => counted(names) < requests)
    .map((names) => `${names.join(', ')} counted ${counted(names)} SELECT of ${requests}`);
}

const words = (rises: readonly Rise[]): string =>
  rises.map(({ counter, service, by }) => `${counter} of ${service} +${by}`).join(', ');

/** Whether HAProxy's, the web servers' and the application's counters rose with the requests. */
export async function followsRequests(context: CheckContext): Promise<Observation> {
  const { requests, rises, ms } = await movement(context);
  const problems = requestProblems(context, rises, requests);
  const seen = words(rises.filter(({ counter }) => counter !== 'MySQL'));
  return verdict(
    problems.length === 0,
    problems.length === 0 ? `${ms} ms after ${requests} requests: ${seen}` : problems.join('; '),
  );
}

/** Whether the replica's counters rose with the reads, and MySQL's own state is seen. */
export async function followsDatabases(context: CheckContext): Promise<Observation> {
  const [{ requests, rises, ms }, states] = await Promise.all([
    movement(context),
    context.prometheus(
      '{__name__=~"mysql_slave_status_replica_(io|sql)_running|mysql_global_variables_super_read_only|mysql_group_(member_online|primary)"}',
    ),
  ]);
  const state = (name: string, service: string): number =>
    states.find(({ labels }) => labels['__name__'] === name && labels['instance'] === service)?.value ?? 0;
  const replicas = databasesOf(context.plan, 'replica').map(({ name }) => name);
  const members = databasesOf(context.plan, 'member').map(({ name }) => name);
  const notOne = (metrics: readonly string[], names: readonly string[]): string[] =>
    names.flatMap((name) =>
      metrics
        .filter((metric) => state(metric, name) !== 1)
        .map((metric) => `${metric} of ${name} is ${state(metric, name)}`),
    );
  const primaries = members.filter((name) => state('mysql_group_primary', name) === 1);
  const unseen = [
    ...notOne(
      [
        'mysql_slave_status_replica_io_running',
        'mysql_slave_status_replica_sql_running',
        'mysql_global_variables_super_read_only',
      ],
      replicas,
    ),
    ...notOne(['mysql_group_member_online'], members),
    ...(members.length === 0 || primaries.length === 1
      ? []
      : [`mysql_group_primary is 1 of ${primaries.length} members`]),
  ];
  const follow =
    members.length === 0 ? `${replicas.join(', ')} replicates` : `${primaries.join()} is the group’s primary`;
  const problems = [...databaseProblems(context, rises, requests), ...unseen];
  const seen = words(rises.filter(({ counter }) => counter === 'MySQL'));
  return verdict(
    problems.length === 0,
    problems.length === 0 ? `${ms} ms after ${requests} reads: SELECT: ${seen}; ${follow}` : problems.join('; '),
  );
}

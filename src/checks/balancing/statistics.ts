import type { ServicePlan } from '../../plan/types.ts';
import type { CheckContext } from '../check.ts';
import { once } from '../once.ts';
import { servicesOf } from '../services.ts';

/** What HAProxy itself says of one server. */
export interface ServerStatistics {
  /** Whose HAProxy says it. */
  balancer: string;
  backend: string;
  server: string;
  /** For example `UP`, `DOWN`, `MAINT`. */
  status: string;
  /** Of the last check, for example `L7OK`. */
  check: string;
  weight: number;
}

/** The servers, as each HAProxy sees them. */
export async function statistics(context: CheckContext): Promise<ServerStatistics[]> {
  const tables = await Promise.all(
    servicesOf(context.plan, 'balancer').map((balancer) => serversOf(context, balancer)),
  );
  return tables.flat();
}

async function serversOf(context: CheckContext, balancer: ServicePlan): Promise<ServerStatistics[]> {
  return (await table(context, balancer))
    .filter((of) => !['FRONTEND', 'BACKEND'].includes(of('svname')))
    .map((of) => ({
      balancer: balancer.name,
      backend: of('pxname'),
      server: of('svname'),
      status: of('status'),
      // An asterisk says that the next one is under way.
      check: of('check_status').replace(/^\* /, ''),
      weight: Number(of('weight')),
    }));
}

/** How many connections a frontend of one balancer takes at a time. @throws when there is no such frontend */
export async function frontendLimit(context: CheckContext, balancer: ServicePlan, name: string): Promise<number> {
  const lines = await table(context, balancer);
  const frontend = lines.find((of) => of('svname') === 'FRONTEND' && of('pxname') === name);
  if (frontend === undefined) throw new Error(`there is no frontend ${name}`);
  return Number(frontend('slim'));
}

/** A line of the table, by the names of its columns. */
type Line = (column: string) => string;

/** HAProxy's page of statistics in CSV, asked by a neighbour in its zone. Management Guide, section 9.1. */
function table(context: CheckContext, balancer: ServicePlan): Promise<Line[]> {
  return once(context, `balancing/statistics/${balancer.name}`, () => read(context, balancer), 150);
}

async function read(context: CheckContext, balancer: ServicePlan): Promise<Line[]> {
  const scrape = balancer.scrapes.find(({ job }) => job === 'haproxy');
  if (scrape === undefined) throw new Error('nobody reads its statistics');
  const answer = await context.vantages
    .from({ zone: balancer.zone })
    .http({ address: balancer.address, port: scrape.port, path: '/stats;csv' });
  if (answer.status !== 200) throw new Error(`the statistics answered ${answer.status}`);
  const [head = '', ...lines] = answer.body.replace(/^# /, '').trim().split('\n');
  const names = head.split(',');
  return lines.map((line) => {
    const values = line.split(',');
    return (column) => values[names.indexOf(column)] ?? '';
  });
}

import type { CheckContext } from '../check.ts';
import { once } from '../once.ts';
import { serviceOf } from '../services.ts';

/** What HAProxy itself says of one server. */
export interface ServerStatistics {
  backend: string;
  server: string;
  /** For example `UP`, `DOWN`, `MAINT`. */
  status: string;
  /** Of the last check, for example `L7OK`. */
  check: string;
  weight: number;
}

/** HAProxy's page of statistics in CSV, asked by a neighbour in its zone. Management Guide, section 9.1. */
export function statistics(context: CheckContext): Promise<ServerStatistics[]> {
  return once(context, 'balancing/statistics', () => read(context), 150);
}

async function read(context: CheckContext): Promise<ServerStatistics[]> {
  const balancer = serviceOf(context.plan, 'balancer');
  const scrape = balancer?.scrapes.find(({ job }) => job === 'haproxy');
  if (balancer === undefined || scrape === undefined) throw new Error('nobody reads its statistics');
  const answer = await context.vantages
    .from({ zone: balancer.zone })
    .http({ address: balancer.address, port: scrape.port, path: '/stats;csv' });
  if (answer.status !== 200) throw new Error(`the statistics answered ${answer.status}`);
  const [head = '', ...lines] = answer.body.replace(/^# /, '').trim().split('\n');
  const names = head.split(',');
  return lines
    .map((line) => {
      const values = line.split(',');
      return (name: string): string => values[names.indexOf(name)] ?? '';
    })
    .filter((of) => !['FRONTEND', 'BACKEND'].includes(of('svname')))
    .map((of) => ({
      backend: of('pxname'),
      server: of('svname'),
      status: of('status'),
      check: of('check_status'),
      weight: Number(of('weight')),
    }));
}

import * as z from 'zod';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { outcomeWords, visitor, visits } from './visit.ts';

const page = z.strictObject({ port: z.int(), path: z.string() });

/** HAProxy's statistics are there, and count the visits that are made meanwhile. */
export const offersStatistics = defineMeasure({
  options: page,
  run: async (context, where) => {
    const before = await counted(context, where);
    if (typeof before === 'string') return { good: false, observed: before };
    const made = (await visits(context, 'http', 5, 'counted')).length;
    const after = await counted(context, where);
    if (typeof after === 'string') return { good: false, observed: after };
    return {
      good: after - before >= made,
      observed: `${made} visits, and ${after - before} more sessions counted at the servers`,
    };
  },
});

/** Where people look for them. */
const known = ['/stats', '/haproxy?stats', '/haproxy', '/haproxy_stats', '/admin?stats', '/stats;csv', '/metrics'];

/** Visitors find no statistics on the port of the site: what they ask for goes to the servers, or is denied. */
export const hidesStatistics = defineMeasure({
  options: z.strictObject({ port: z.int(), path: z.string() }),
  run: async (context, { path: own }) => {
    const { from, address, domain } = visitor(context);
    const paths = [...new Set([own, `${own};csv`, ...known])];
    const outcomes = await from.httpMany({ requests: paths.map((path) => ({ address, host: domain, path })) });
    const shown = paths.filter((path, index) => {
      const outcome = outcomes[index];
      return (
        outcome?.ok === true &&
        ![403, 404].includes(outcome.status) &&
        context.origins.read(outcome, path) === undefined
      );
    });
    return {
      good: shown.length === 0,
      observed: shown.length === 0 ? 'nothing of it at port 80' : `the balancer itself answers at ${shown.join(', ')}`,
    };
  },
});

/** Sessions of all servers together, from the table that HAProxy gives as CSV; words when there is none. */
async function counted({ lab }: MeasureContext, { port, path }: z.output<typeof page>): Promise<number | string> {
  const { address, zone } = lab.service('balancer');
  const outcome = await lab.vantages.from({ zone }).tryHttp({ address, port, path: `${path};csv`, maxBytes: 262_144 });
  if (!outcome.ok) return `no answer at port ${port}: ${outcome.error.message}`;
  const [head = '', ...lines] = outcome.body.split('\n');
  const names = head.replace(/^# /, '').split(',');
  const [server, sessions] = [names.indexOf('svname'), names.indexOf('stot')];
  if (outcome.status !== 200 || server < 0 || sessions < 0)
    return `at port ${port} no statistics: ${outcomeWords(outcome)}`;
  const rows = lines.map((line) => line.split(',')).filter((row) => row.length > sessions);
  return rows
    .filter((row) => !['FRONTEND', 'BACKEND'].includes(row[server] ?? ''))
    .reduce((sum, row) => sum + Number(row[sessions]), 0);
}

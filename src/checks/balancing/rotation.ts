import { stackOf } from '../../plan/stacks.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { servicesOf } from '../services.ts';
import { siteOf } from '../site.ts';
import { statistics } from './statistics.ts';
import { stopOneServer } from './stopped-server.ts';

/** Each server has its share of the requests. */
export async function allAnswer(context: CheckContext, servers: readonly string[]): Promise<Observation> {
  const each = 10;
  const site = await siteOf(context);
  const outcomes = await site.askMany(
    Array.from({ length: each * servers.length }, () => ({ path: '/healthz' })),
    { width: 4 },
  );
  const counts = new Map(servers.map((name) => [name, 0]));
  const failures: string[] = [];
  for (const outcome of outcomes) {
    if (!outcome.ok || outcome.status !== 200) {
      failures.push(outcome.ok ? String(outcome.status) : outcome.error.code);
      continue;
    }
    const name = outcome.headers['x-served-by'] ?? 'nobody by name';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  // Other visitors take turns in between, so shares are not exact: in step with them, one server may get much less.
  const even = servers.every((name) => (counts.get(name) ?? 0) >= each / 3) && counts.size === servers.length;
  const shares = [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
  const failed = failures.length === 0 ? '' : `; ${failures.length} failed (${[...new Set(failures)].join(', ')})`;
  return verdict(even && failures.length === 0, `of ${outcomes.length} requests: ${shares}${failed}`);
}

/** As HAProxy itself sees them. */
export async function allUp(context: CheckContext, servers: readonly string[]): Promise<Observation> {
  const seen = await statistics(context);
  const balancers = servicesOf(context.plan, 'balancer').map(({ name }) => name);
  const up = (by: string, name: string): boolean =>
    seen.some(
      ({ balancer, server, status, check }) =>
        balancer === by && server === name && status === 'UP' && check === 'L7OK',
    );
  const words = balancers.map((by) => {
    const lines = seen.filter(({ balancer }) => balancer === by);
    const list = lines.map(
      ({ server, status, check }) => `${server} ${status} (${check === '' ? 'not checked' : check})`,
    );
    return `${balancers.length === 1 ? '' : `${by}: `}${list.join(', ') || 'no server at all'}`;
  });
  return verdict(
    balancers.every((by) => servers.every((name) => up(by, name))) && seen.length === balancers.length * servers.length,
    words.join('; '),
  );
}

/** A server that stops costs no request. */
export async function survives(context: CheckContext): Promise<Observation> {
  const { server, gets, posts, failures } = await stopOneServer(context);
  const kinds = [...new Set(failures)].map((kind) => `${kind} × ${failures.filter((one) => one === kind).length}`);
  const failed = failures.length === 0 ? 'none failed' : `${failures.length} failed (${kinds.join(', ')})`;
  return verdict(
    failures.length === 0,
    `${gets} GET and ${posts} POST while ${stackOf(context.plan.lab, server).front} of ${server} was stopped: ${failed}`,
  );
}

/** A server that is started again is picked again. */
export async function returnsToRotation(context: CheckContext): Promise<Observation> {
  const { server, backAfterMs } = await stopOneServer(context);
  const back =
    backAfterMs === null
      ? 'did not come back within 6 s of its start'
      : `answered visitors again ${backAfterMs} ms after its start`;
  return verdict(backAfterMs !== null, `${server} ${back}`);
}

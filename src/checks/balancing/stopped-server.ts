import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckContext } from '../check.ts';
import { stackOf } from '../../plan/stacks.ts';
import { once } from '../once.ts';
import { servicesOf } from '../services.ts';
import { siteOf, type Site } from '../site.ts';
import { Load } from './load.ts';

/** What visitors saw while the web server of one server was stopped and started again. */
export interface StoppedServer {
  server: string;
  /** Requests sent from shortly before the stop on, and those of them that failed, in words. */
  gets: number;
  posts: number;
  failures: string[];
  /** Until a visitor was served by it again, from its start on; `null` when that did not happen in time. */
  backAfterMs: number | null;
}

/** Long enough for the balancer to pick the stopped server, see that it is gone, and go on without it. */
const watchMs = 700;
/** Requests that must have been sent meanwhile, however slow the machine: the stopped server must have had its turn. */
const fewest = 24;
const backDeadlineMs = 6000;

/** Stops the web server of the last server while visitors read and write, and starts it again. Made once per run. */
export function stopOneServer(context: CheckContext): Promise<StoppedServer> {
  return once(context, 'balancing/stopped-server', () => experiment(context));
}

async function experiment(context: CheckContext): Promise<StoppedServer> {
  const server = servicesOf(context.plan, 'web').at(-1)?.name;
  if (server === undefined) throw new Error('this lab has no server');
  const site = await siteOf(context);
  const load = new Load(site);
  await load.settle(servicesOf(context.plan, 'web').map(({ name }) => name));
  try {
    await load.run(100);
    const stopping = supervise(context, server, ['-wd', '-T', '4000', '-d']);
    await Promise.all([stopping, load.runWhile(stopping)]);
    const enough = load.requests + fewest;
    await load.run(watchMs);
    while (load.requests < enough) await load.run(50);
  } finally {
    await supervise(context, server, ['-wu', '-T', '4000', '-u']).finally(() => load.clean(context));
  }
  const { gets, posts, failures } = load;
  return { server, gets, posts, failures, backAfterMs: await servedBy(site, server) };
}

/** @throws when the supervisor cannot bring the web server to that state */
async function supervise(context: CheckContext, server: string, how: readonly string[]): Promise<void> {
  const stack = stackOf(context.plan.lab, server);
  const { exitCode, stderr } = await context.exec(server, ['s6-svc', ...how, `/run/service/${stack.process}`]);
  if (exitCode !== 0)
    throw new Error(`s6-svc ${how.join(' ')} of ${stack.front} on ${server} failed: ${stderr.trim()}`);
}

async function servedBy(site: Site, server: string): Promise<number | null> {
  const started = performance.now();
  while (performance.now() - started < backDeadlineMs) {
    const answer = await site.tryAsk({ path: '/healthz' });
    if (answer.ok && answer.status === 200 && answer.headers['x-served-by'] === server)
      return Math.round(performance.now() - started);
    await sleep(40);
  }
  return null;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckContext } from '../check.ts';
import { freshText, posting, removeMessages } from '../messages.ts';
import { stackOf } from '../../plan/stacks.ts';
import { once } from '../once.ts';
import { servicesOf } from '../services.ts';
import { field, jsonOf, siteOf, type Site } from '../site.ts';

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

const visitors = 3;
const pauseMs = 40;
/** Long enough for the balancer to pick the stopped server, see that it is gone, and go on without it. */
const watchMs = 700;
/** Requests that must have been sent meanwhile, however slow the machine: the stopped server must have had its turn. */
const fewest = 24;
const backDeadlineMs = 6000;
/** Until all servers write, should something have been started again just before. */
const settleDeadlineMs = 8000;

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
  if (exitCode !== 0) throw new Error(`s6-svc ${how.join(' ')} of ${stack.front} on ${server} failed: ${stderr.trim()}`);
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

/** A few visitors, each opening a connection of its own for every request, reading and writing by turns. */
class Load {
  gets = 0;
  posts = 0;
  readonly failures: string[] = [];
  readonly #site: Site;
  readonly #text = freshText();
  readonly #ids: number[] = [];

  constructor(site: Site) {
    this.#site = site;
  }

  get requests(): number {
    return this.gets + this.posts;
  }

  /** Waits until each server has written; what fails before is not the stopped server's doing. */
  async settle(servers: readonly string[]): Promise<void> {
    const deadline = performance.now() + settleDeadlineMs;
    const missing = new Set(servers);
    while (missing.size > 0 && performance.now() < deadline) {
      const answer = await this.#site.tryAsk(posting(this.#text));
      if (answer.ok && answer.status === 201) {
        this.#ids.push(Number(field(jsonOf(answer), 'id')));
        missing.delete(answer.headers['x-served-by'] ?? '');
      }
      await sleep(pauseMs);
    }
  }

  run(ms: number): Promise<void> {
    return this.runWhile(sleep(ms));
  }

  async runWhile(work: Promise<unknown>): Promise<void> {
    let going = true;
    const end = (): void => void (going = false);
    work.then(end, end);
    const visit = async (write: boolean): Promise<void> => {
      for (let turn = write; going; turn = !turn) {
        await (turn ? this.#post() : this.#get());
        await sleep(pauseMs);
      }
    };
    await Promise.all(Array.from({ length: visitors }, (_, index) => visit(index % 2 === 0)));
  }

  clean(context: CheckContext): Promise<void> {
    return removeMessages(context, this.#text, this.#ids);
  }

  async #get(): Promise<void> {
    this.gets += 1;
    const answer = await this.#site.tryAsk({ path: '/api/whoami' });
    if (!answer.ok) this.failures.push(`GET: ${answer.error.code}`);
    else if (answer.status !== 200) this.failures.push(`GET: ${answer.status}`);
  }

  async #post(): Promise<void> {
    this.posts += 1;
    const answer = await this.#site.tryAsk(posting(this.#text));
    if (!answer.ok) this.failures.push(`POST: ${answer.error.code}`);
    else if (answer.status !== 201) this.failures.push(`POST: ${answer.status}`);
    else this.#ids.push(Number(field(jsonOf(answer), 'id')));
  }
}

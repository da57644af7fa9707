import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckContext } from '../check.ts';
import { freshText, posting, removeMessages } from '../messages.ts';
import { field, jsonOf, type Site } from '../site.ts';

const visitors = 3;
const pauseMs = 40;
/** Until all servers write, should something have been started again just before. */
const settleDeadlineMs = 8000;

/** A few visitors, each opening a connection of its own for every request, reading and writing by turns. */
export class Load {
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

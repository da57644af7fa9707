import { setTimeout as pause } from 'node:timers/promises';
import { http, type HttpRequest } from '../../src/probe/operations/http.ts';

/** Visitors who write, and write again, and keep what was acknowledged. */
export class Writers {
  /** Ids of what was acknowledged, in the order of the answers. */
  readonly ids: number[] = [];
  readonly #request: HttpRequest;
  readonly #count: number;
  #going = false;
  #work: Promise<unknown> = Promise.resolve();
  #lastAt = performance.now();
  #longest = 0;

  constructor(request: HttpRequest, count = 3) {
    this.#request = request;
    this.#count = count;
  }

  start(): void {
    this.#going = true;
    this.#lastAt = performance.now();
    this.#work = Promise.all(Array.from({ length: this.#count }, () => this.#write()));
  }

  async stop(): Promise<void> {
    this.#going = false;
    await this.#work;
  }

  /** The longest time, in milliseconds, without an acknowledged write since this was last asked. */
  longestGap(): number {
    const longest = this.#longest;
    this.#longest = 0;
    return longest;
  }

  /** Waits until some more writes were acknowledged: somebody takes them again. @throws when nobody does */
  async acknowledgedAgain(deadlineMs = 60_000): Promise<void> {
    const enough = this.ids.length + 2 * this.#count;
    const deadline = performance.now() + deadlineMs;
    while (this.ids.length < enough) {
      if (performance.now() > deadline)
        throw new Error(`no write was acknowledged within ${deadlineMs / 1000} s: look at the logs of the databases`);
      await pause(20);
    }
  }

  async #write(): Promise<void> {
    while (this.#going) {
      const answer = await http(this.#request);
      if (answer.ok && answer.status === 201) {
        this.ids.push((JSON.parse(answer.body) as { id: number }).id);
        const now = performance.now();
        this.#longest = Math.max(this.#longest, now - this.#lastAt);
        this.#lastAt = now;
      } else await pause(50);
    }
  }
}

/** A message to the site, as a visitor writes it. @param ca PEM of the lab's CA */
export function message(siteUrl: string, ca: string, body: string): HttpRequest {
  const url = new URL(siteUrl);
  return {
    address: '127.0.0.1',
    port: Number(url.port || 443),
    host: url.hostname,
    tls: { ca },
    method: 'POST',
    path: '/api/messages',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ body }),
    timeoutMs: 10_000,
  };
}

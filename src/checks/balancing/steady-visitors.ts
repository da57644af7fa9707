import { setTimeout as sleep } from 'node:timers/promises';
import type { Site } from '../site.ts';

/** One visitor's request: when it was sent and when it ended, by `performance.now()`. */
export interface Visit {
  sent: number;
  ended: number;
  good: boolean;
}

/** Between one visitor and the next, in milliseconds. */
export const everyMs = 100;
/** A visitor who has no answer by then counts as one who got none. */
const patienceMs = 1000;

/** A visitor every 100 ms, each over a connection of his own, whether those before him have been answered or not. */
export class SteadyVisitors {
  readonly visits: Visit[] = [];
  readonly #site: Site;
  readonly #under = new Set<Promise<void>>();
  #going = true;
  readonly #work: Promise<void>;

  constructor(site: Site) {
    this.#site = site;
    this.#work = this.#send();
  }

  /** Sends no more, and waits for those under way. */
  async stop(): Promise<readonly Visit[]> {
    this.#going = false;
    await this.#work;
    await Promise.all(this.#under);
    return this.visits;
  }

  /** Waits until so many visitors in a row, sent after `since`, have been answered. @returns whether they were in time */
  async untilAnswered(since: number, inARow: number, deadlineMs: number): Promise<boolean> {
    const deadline = performance.now() + deadlineMs;
    while (performance.now() < deadline) {
      const last = this.visits.filter(({ sent }) => sent > since).slice(-inARow);
      if (last.length === inARow && last.every(({ good }) => good)) return true;
      await sleep(20);
    }
    return false;
  }

  async #send(): Promise<void> {
    for (let next = performance.now(); this.#going; next += everyMs) {
      const visit = this.#visit().finally(() => this.#under.delete(visit));
      this.#under.add(visit);
      await sleep(Math.max(0, next + everyMs - performance.now()));
    }
  }

  async #visit(): Promise<void> {
    const sent = performance.now();
    const answer = await this.#site.tryAsk({ path: '/healthz', timeoutMs: patienceMs });
    this.visits.push({ sent, ended: performance.now(), good: answer.ok && answer.status === 200 });
  }
}

/**
 * For how long visitors got no answer: from `since` to the first answer after the last failure, in milliseconds; 0 when
 * nobody failed, null when nobody was answered after it.
 */
export function costOf(visits: readonly Visit[], since: number): number | null {
  const failed = visits.filter(({ good }) => !good);
  if (failed.length === 0) return 0;
  const last = Math.max(...failed.map(({ sent }) => sent));
  const after = visits.filter(({ sent, good }) => good && sent > last).map(({ ended }) => ended);
  return after.length === 0 ? null : Math.round(Math.min(...after) - since);
}

import { setTimeout as sleep } from 'node:timers/promises';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { freshText, posting, removeMessages } from '../messages.ts';
import { databasesOf } from '../services.ts';
import { field, jsonOf, siteOf, type Site } from '../site.ts';
import { rowsAsRoot, statementsAsRoot } from './as-root.ts';
import { rolesNow } from './roles.ts';

/** From the kill to the first write that is acknowledged again. */
export const longestWithoutWritesMs = 10_000;
/** How long it is looked for. */
const patienceForWritesMs = 2 * longestWithoutWritesMs;
/** Until the old primary is a member again. One that hangs is started anew once it has stood before the group for 45 s. */
const backDeadlineMs = 100_000;
const pauseMs = 50;
/** A write that waits for a primary that is gone is given up, and made anew. */
const patienceMs = 2500;

/** What came of the primary's death. */
export interface LostPrimary {
  old: string;
  next: string | undefined;
  /** From the kill to the first acknowledged write; null when none came in time. */
  firstWriteMs: number | null;
  acknowledged: number;
  /** Acknowledged, and not to be found afterwards. */
  lost: number;
  /** Until the old primary was a member again; null when it was not in time. */
  backMs: number | null;
}

/** Kills the container of the primary under steady writes, looks when writes go on, and starts it again. */
export async function killPrimary(context: CheckContext): Promise<LostPrimary> {
  const site = await siteOf(context);
  const old = (await rolesNow(context)).primary.name;
  const text = freshText();
  const writer = new Writer(site, text);
  try {
    await writer.untilWritten(3, 10_000);
    const killed = performance.now();
    await context.kill(old);
    const first = await writer.untilWrittenAfter(killed, patienceForWritesMs);
    if (first !== null) await writer.untilWritten(writer.acknowledged.length + 5, 10_000);
    const next = (await rolesNow(context).catch(() => undefined))?.primary.name;
    const started = performance.now();
    await context.start(old);
    const back = await untilMember(context, old);
    const backMs = back ? Math.round(performance.now() - started) : null;
    const lost = await missing(context, writer.acknowledged);
    return {
      old,
      next,
      firstWriteMs: first,
      acknowledged: writer.acknowledged.length,
      lost,
      backMs,
    };
  } finally {
    await context.start(old);
    await removeMessages(context, text, writer.acknowledged).catch(() => undefined);
  }
}

export async function losePrimary(context: CheckContext): Promise<Observation> {
  const { old, next, firstWriteMs, acknowledged, lost, backMs } = await killPrimary(context);
  const good =
    firstWriteMs !== null && firstWriteMs <= longestWithoutWritesMs && lost === 0 && backMs !== null && next !== old;
  const resumed =
    firstWriteMs === null
      ? `no write within ${patienceForWritesMs / 1000} s afterwards`
      : `the first write ${(firstWriteMs / 1000).toFixed(1)} s later`;
  const again =
    backMs === null
      ? `; ${old} did not come back`
      : `; ${old} a member again ${(backMs / 1000).toFixed(1)} s after its start`;
  const back = databasesOf(context.plan, 'member').length === 0 ? '' : again;
  return verdict(
    good,
    `${old} killed: ${resumed}${next === undefined || next === old ? '' : `, through ${next}`}; of ${acknowledged} acknowledged writes ${lost} lost${back}`,
  );
}

/** One visitor who writes, and writes again. */
class Writer {
  /** Ids of what was acknowledged. */
  readonly acknowledged: number[] = [];
  readonly #site: Site;
  readonly #text: string;

  constructor(site: Site, text: string) {
    this.#site = site;
    this.#text = text;
  }

  /** Writes until so many are acknowledged. @throws when they are not within the time */
  async untilWritten(count: number, deadlineMs: number): Promise<void> {
    const deadline = performance.now() + deadlineMs;
    while (this.acknowledged.length < count) {
      if (performance.now() > deadline)
        throw new Error(`only ${this.acknowledged.length} of ${count} writes were acknowledged`);
      await this.#write();
    }
  }

  /** Writes until one is acknowledged. @returns how long after `since` it was; null when none was in time */
  async untilWrittenAfter(since: number, deadlineMs: number): Promise<number | null> {
    for (;;) {
      if (await this.#write()) return Math.round(performance.now() - since);
      if (performance.now() - since > deadlineMs) return null;
    }
  }

  async #write(): Promise<boolean> {
    const answer = await this.#site.tryAsk({ ...posting(this.#text), timeoutMs: patienceMs });
    await sleep(pauseMs);
    if (!answer.ok || answer.status !== 201) return false;
    this.acknowledged.push(Number(field(jsonOf(answer), 'id')));
    return true;
  }
}

/** How many of these messages nobody has: asked of whoever takes writes, as soon as somebody does. */
async function missing(context: CheckContext, ids: readonly number[]): Promise<number> {
  const { name } = context.plan.lab.database;
  const deadline = performance.now() + backDeadlineMs;
  for (;;) {
    const rows = await rolesNow(context)
      .then(({ primary }) =>
        statementsAsRoot(context, primary.name, [
          `SELECT COUNT(*) AS found FROM ${name}.messages WHERE id IN (${ids.join(', ')})`,
        ]),
      )
      .then(([outcome]) => rowsAsRoot(outcome))
      .catch(() => []);
    const found = rows[0]?.['found'];
    if (found !== undefined) return ids.length - Number(found);
    if (performance.now() > deadline) return ids.length;
    await sleep(200);
  }
}

async function untilMember(context: CheckContext, name: string): Promise<boolean> {
  const deadline = performance.now() + backDeadlineMs;
  if (databasesOf(context.plan, 'member').length === 0) return false;
  while (performance.now() < deadline) {
    const outcome = await context.exec(name, ['test', '-e', '/run/group/member']).catch(() => undefined);
    if (outcome?.exitCode === 0) return true;
    await sleep(200);
  }
  return false;
}

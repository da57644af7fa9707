import { setTimeout as sleep } from 'node:timers/promises';
import type { CheckContext } from '../check.ts';
import { freshText, posting, removeMessages } from '../messages.ts';
import { once } from '../once.ts';
import { field, jsonOf, siteOf, type Site } from '../site.ts';
import { pairs, rowsAsRoot, statementsAsRoot } from './as-root.ts';
import { databaseFacts } from './facts.ts';

/** One message written through the site, and where it went. */
export interface FollowedWrite {
  status: number;
  id: number;
  /** From the acknowledgement to the first read of it through the replica, in ms; `null` when it did not come in time. */
  readAfterMs: number | null;
  /** The text found on the replica over its own socket. */
  onReplica: boolean;
  /** The transactions that the primary carried out meanwhile, this one among them. */
  gtids: string;
  /** Those of them that the replica has not applied. */
  missing: string;
  /** Commits that were acknowledged by the replica, and that went without it, meanwhile. */
  semisynchronous: { acknowledged: number; alone: number };
}

const readDeadlineMs = 2500;

/** Writes one message and follows it from the site over the primary to the replica; again when that was longer ago than `maxAgeMs`. */
export function followWrite(
  context: CheckContext,
  primary: string,
  replica: string,
  maxAgeMs = 100,
): Promise<FollowedWrite> {
  return once(context, `database/followed-write/${replica}`, () => follow(context, primary, replica), maxAgeMs);
}

async function follow(context: CheckContext, primary: string, replica: string): Promise<FollowedWrite> {
  const [site, before] = await Promise.all([siteOf(context), databaseFacts(context, primary, 100)]);
  const text = freshText();
  const ids: number[] = [];
  try {
    const answer = await site.ask(posting(text));
    if (answer.status !== 201)
      throw new Error(`writing through the site answered ${answer.status}: ${answer.body.trim().slice(0, 160)}`);
    const id = Number(field(jsonOf(answer), 'id'));
    ids.push(id);
    const readAfterMs = await readBack(site, id, text);
    const [gtids, status] = await statementsAsRoot(context, primary, [
      `SELECT GTID_SUBTRACT(@@global.gtid_executed, '${before.gtidExecuted}') AS gtids`,
      "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_source%'",
    ]);
    const written = (rowsAsRoot(gtids)[0]?.['gtids'] ?? '').replace(/\s/g, '');
    const there = await onReplica(context, replica, id, text, written);
    const after = pairs(rowsAsRoot(status));
    const rise = (name: string): number => Number(after[name] ?? 0) - Number(before.status[name] ?? 0);
    return {
      status: answer.status,
      id,
      readAfterMs,
      gtids: written,
      ...there,
      semisynchronous: { acknowledged: rise('rpl_semi_sync_source_yes_tx'), alone: rise('rpl_semi_sync_source_no_tx') },
    };
  } finally {
    await removeMessages(context, text, ids);
  }
}

async function readBack(site: Site, id: number, text: string): Promise<number | null> {
  const written = performance.now();
  while (performance.now() - written < readDeadlineMs) {
    const answer = await site.ask({ path: `/api/messages/${id}` });
    if (answer.status === 200 && field(jsonOf(answer), 'body') === text) return Math.round(performance.now() - written);
    await sleep(10);
  }
  return null;
}

async function onReplica(
  context: CheckContext,
  replica: string,
  id: number,
  text: string,
  gtids: string,
): Promise<{ onReplica: boolean; missing: string }> {
  const { name } = context.plan.lab.database;
  const [, rows, missing] = await statementsAsRoot(context, replica, [
    // Others write too: their last transactions may be on their way.
    `SELECT WAIT_FOR_EXECUTED_GTID_SET('${gtids}', 1)`,
    `SELECT id FROM ${name}.messages WHERE id = ${id} AND body = '${text}'`,
    `SELECT GTID_SUBTRACT('${gtids}', @@global.gtid_executed) AS missing`,
  ]);
  return { onReplica: rowsAsRoot(rows).length === 1, missing: rowsAsRoot(missing)[0]?.['missing'] ?? '' };
}

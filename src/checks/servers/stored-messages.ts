import { setTimeout as sleep } from 'node:timers/promises';
import type { Plan, ServicePlan } from '../../plan/types.ts';
import { rowsOf } from '../../probe/rows.ts';
import type { CheckContext } from '../check.ts';
import { asAccount } from '../database/attempts.ts';
import { rolesNow } from '../database/roles.ts';
import { freshText, posting, removeMessages } from '../messages.ts';
import { once } from '../once.ts';
import { servicesOf } from '../services.ts';
import { askServer, field, jsonOf } from '../site.ts';

/** One message that was written through a server and asked for at another. */
export interface StoredMessage {
  writer: string;
  status: number;
  reader: string;
  /** Until the other server had it, in ms after the write was answered; `null` when it did not come. */
  readAfterMs: number | null;
}

/** How many statements of a kind a database carried out meanwhile. */
export interface Statements {
  select: number;
  insert: number;
}

export interface StoredMessages {
  messages: StoredMessage[];
  /** Reads that were sent beside those above. */
  reads: number;
  primary: Statements;
  /** Of a group: all that visitors read from, together. */
  replica: Statements;
}

const reads = 40;
const readDeadlineMs = 2000;

/** Writes through every server, reads at its neighbour, and has the databases count what reached them. */
export function storeMessages(context: CheckContext): Promise<StoredMessages> {
  return once(context, 'servers/stored-messages', () => experiment(context), 100);
}

async function experiment(context: CheckContext): Promise<StoredMessages> {
  const { plan } = context;
  const servers = servicesOf(plan, 'web');
  const text = freshText();
  const ids: number[] = [];
  const store = async (writer: ServicePlan, index: number): Promise<StoredMessage> => {
    const reader = servers[(index + 1) % servers.length] as ServicePlan;
    const answer = await askServer(context, writer, posting(text));
    const common = { writer: writer.name, reader: reader.name, status: answer.status };
    if (answer.status !== 201) return { ...common, readAfterMs: null };
    const id = Number(field(jsonOf(answer), 'id'));
    ids.push(id);
    return { ...common, readAfterMs: await readBack(context, reader, id, text) };
  };
  try {
    const before = await counts(context, plan);
    const messages = await Promise.all(servers.map(store));
    await readMuch(context, servers);
    const after = await counts(context, plan);
    return {
      messages,
      reads,
      primary: difference(before.primary, after.primary),
      replica: difference(before.replica, after.replica),
    };
  } finally {
    await removeMessages(context, text, ids);
  }
}

/** A few at a time, as each server has only so many connections to the replica. */
async function readMuch(context: CheckContext, servers: readonly ServicePlan[]): Promise<void> {
  const read = async (server: ServicePlan): Promise<void> => {
    for (let done = 0; done < reads / servers.length; done += 1) {
      const answer = await askServer(context, server, { path: '/api/messages?limit=1' });
      if (answer.status !== 200) throw new Error(`reading at ${server.name} answered ${answer.status}`);
    }
  };
  await Promise.all(servers.map(read));
}

async function readBack(context: CheckContext, reader: ServicePlan, id: number, text: string): Promise<number | null> {
  const written = performance.now();
  while (performance.now() - written < readDeadlineMs) {
    const answer = await askServer(context, reader, { path: `/api/messages/${id}` });
    if (answer.status === 200 && field(jsonOf(answer), 'body') === text) return Math.round(performance.now() - written);
    await sleep(20);
  }
  return null;
}

/** Asked as the application: every account may see how often each statement was used. */
async function counts(context: CheckContext, plan: Plan): Promise<{ primary: Statements; replica: Statements }> {
  const { primary, readers } = await rolesNow(context);
  const [server] = servicesOf(plan, 'web');
  if (server === undefined) throw new Error('no server');
  const password = await context.secret(server.name, 'mysql-app');
  const count = async (database: ServicePlan): Promise<Statements> => {
    const [outcome] = await asAccount(context, { service: server.name }, { database, user: 'app', password }, [
      "SHOW GLOBAL STATUS WHERE Variable_name IN ('Com_select', 'Com_insert')",
    ]);
    const values = new Map(rowsOf(outcome).map((row) => [row['Variable_name'], Number(row['Value'])]));
    return { select: values.get('Com_select') ?? 0, insert: values.get('Com_insert') ?? 0 };
  };
  const [first, others] = await Promise.all([count(primary), Promise.all(readers.map(count))]);
  const sum = (of: keyof Statements): number => others.reduce((total, one) => total + one[of], 0);
  return { primary: first, replica: { select: sum('select'), insert: sum('insert') } };
}

function difference(before: Statements, after: Statements): Statements {
  return { select: after.select - before.select, insert: after.insert - before.insert };
}

import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { databaseOf, rowsOfLast } from './as-root.ts';

/** A replica is told whom to follow, and a row that nobody could know beforehand arrives. */
export const follows = defineMeasure({
  options: z.strictObject({
    replica: z.string(),
    source: z.string(),
    /** The source is the grader's own: it takes the replica's way to number transactions. */
    own: z.boolean().default(false),
    seconds: z.number().default(4),
  }),
  run: async (context, { replica, source, own, seconds }) => {
    if (own) await numberAlike(context, source, replica);
    const table = `\`${databaseOf(context)}\`.arrival_${context.fresh(`table/${source}`).slice(0, 12)}`;
    const value = context.fresh(`value/${source}`);
    const [position] = await rowsOfLast(context, source, ['SHOW BINARY LOG STATUS']);
    if (position === undefined) return { good: false, observed: `${source} has no binary log` };
    await rowsOfLast(context, replica, await orders(context, source, position));
    await rowsOfLast(context, source, [
      `CREATE DATABASE IF NOT EXISTS \`${databaseOf(context)}\``,
      `USE \`${databaseOf(context)}\``,
      `CREATE TABLE ${table} (value VARCHAR(64) PRIMARY KEY)`,
      `INSERT INTO ${table} VALUES ('${value}')`,
    ]);
    return arrival(context, replica, `SELECT value FROM ${table} WHERE value = '${value}'`, seconds);
  },
});

/** What option files cannot say. */
async function orders(
  { lab }: MeasureContext,
  source: string,
  { File = '', Position = '' }: Readonly<Record<string, string>>,
): Promise<string[]> {
  const password = await lab.secret(source, 'mysql-replicator');
  return [
    'STOP REPLICA',
    'RESET REPLICA ALL',
    `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${source}', SOURCE_PORT = 3306, SOURCE_USER = 'replicator',
      SOURCE_PASSWORD = '${password.replace(/[\\']/g, '\\$&')}', SOURCE_LOG_FILE = '${File.replace(/[\\']/g, '\\$&')}',
      SOURCE_LOG_POS = ${Number(Position)}, SOURCE_SSL = 1, SOURCE_SSL_CA = '/etc/ssl/lab/inside.pem', SOURCE_CONNECT_RETRY = 1`,
    'START REPLICA',
  ];
}

async function arrival(context: MeasureContext, replica: string, look: string, seconds: number): Promise<Seen> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const there = await rowsOfLast(context, replica, [look]).catch(() => []);
    if (there.length > 0)
      return { good: true, observed: 'a fresh row arrives', evidence: await state(context, replica) };
    const [status = {}] = await rowsOfLast(context, replica, ['SHOW REPLICA STATUS']);
    const over = status['Replica_SQL_Running'] === 'No' || status['Replica_IO_Running'] === 'No';
    if (over || performance.now() > deadline) {
      const reason = [status['Last_IO_Error'], status['Last_SQL_Error']].find((words) => (words ?? '') !== '');
      return {
        good: false,
        observed: `the row does not arrive: ${reason ?? 'the replica reports no error'}`,
        evidence: await state(context, replica),
      };
    }
    await pause(100, undefined, { signal: context.signal });
  }
}

async function state(context: MeasureContext, replica: string): Promise<string[]> {
  const rows = await rowsOfLast(context, replica, [
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('read_only', 'super_read_only', 'relay_log', 'gtid_mode', 'log_bin')",
  ]);
  return rows.map((row) => `${row['Variable_name'] ?? ''} = ${row['Value'] ?? ''}`);
}

/** With GTIDs the replica asks for a source that has them, without it for one that does not; each step is allowed by itself. */
async function numberAlike(context: MeasureContext, source: string, replica: string): Promise<void> {
  const [row] = await rowsOfLast(context, replica, ['SELECT @@global.gtid_mode AS mode']);
  const steps =
    row?.['mode'] === 'ON' ? ['OFF_PERMISSIVE', 'ON_PERMISSIVE', 'ON'] : ['ON_PERMISSIVE', 'OFF_PERMISSIVE'];
  const [now] = await rowsOfLast(context, source, ['SELECT @@global.gtid_mode AS mode']);
  if (now?.['mode'] === steps.at(-1)) return;
  await rowsOfLast(
    context,
    source,
    steps.map((mode) => `SET GLOBAL gtid_mode = ${mode}`),
  );
}

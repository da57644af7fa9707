import type { ServicePlan } from '../../plan/types.ts';
import type { From } from '../../probe/vantages.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { databasesOf, listed } from '../services.ts';
import { asAccount, cast } from './attempts.ts';
import { databaseFacts } from './facts.ts';

/** Tries to write to the replica, as the application would. */
export async function refusesWrites(context: CheckContext): Promise<Observation> {
  const { replica, server, fromServer } = await cast(context);
  const password = await context.secret(server.name, 'mysql-app');
  const { refused, words } = await triedWrite(context, { database: replica, password, from: fromServer });
  return verdict(refused, words);
}

async function triedWrite(
  context: CheckContext,
  { database, password, from }: { database: ServicePlan; password: string; from: From },
): Promise<{ refused: boolean; words: string }> {
  const { variables } = await databaseFacts(context, database.name, 100);
  // Should it not be refused, it is taken back at once: it must not become a transaction of the replica's own.
  const insert = `INSERT INTO ${context.plan.lab.database.name}.messages (body, server) VALUES ('lab verify', 'nobody')`;
  const outcomes = await asAccount(context, from, { database, user: 'app', password }, [
    'START TRANSACTION',
    insert,
    'ROLLBACK',
  ]);
  const tried = outcomes[1];
  const answer =
    tried === undefined || tried.ok ? 'was carried out' : `got ${tried.error.errno} ${tried.error.message}`;
  return {
    refused: variables['super_read_only'] === 'ON' && tried?.ok === false && tried.error.errno === 1290,
    words: `${database.name}: super_read_only ${variables['super_read_only'] ?? 'unknown'}; an INSERT by app ${answer}`,
  };
}

/** Tries to write to every member that is not the primary. */
export async function membersRefuseWrites(context: CheckContext): Promise<Observation> {
  const { primary, server, fromServer } = await cast(context);
  const password = await context.secret(server.name, 'mysql-app');
  const others = databasesOf(context.plan, 'member').filter(({ name }) => name !== primary.name);
  const seen = await Promise.all(
    others.map((database) => triedWrite(context, { database, password, from: fromServer })),
  );
  return verdict(
    seen.every(({ refused }) => refused),
    seen.map(({ words }) => words).join('; '),
  );
}

/** Reads the settings on which it depends what a crash costs. */
export async function durable(context: CheckContext): Promise<Observation> {
  const wanted: Record<string, string> = {
    sync_binlog: '1',
    innodb_flush_log_at_trx_commit: '1',
    innodb_doublewrite: 'ON',
    log_bin: 'ON',
    gtid_mode: 'ON',
    enforce_gtid_consistency: 'ON',
    binlog_format: 'ROW',
  };
  const { databases } = await cast(context);
  const wrong = await Promise.all(
    databases.map(async ({ name }) => {
      const { variables } = await databaseFacts(context, name);
      return Object.entries(wanted).flatMap(([key, value]) =>
        variables[key] === value ? [] : [`${name}: ${key} = ${variables[key] ?? 'unknown'}`],
      );
    }),
  );
  const all = wrong.flat();
  return verdict(
    all.length === 0,
    all.length === 0
      ? `${listed(databases.map(({ name }) => name))}: ${Object.keys(wanted).length} settings as they must be`
      : all.join('; '),
  );
}

import { verdict, type CheckContext, type Observation } from '../check.ts';
import { asAccount, cast } from './attempts.ts';
import { databaseFacts } from './facts.ts';

/** Tries to write to the replica, as the application would. */
export async function refusesWrites(context: CheckContext): Promise<Observation> {
  const { replica, server, fromServer } = cast(context);
  const [password, { variables }] = await Promise.all([
    context.secret(server.name, 'mysql-app'),
    databaseFacts(context, replica.name),
  ]);
  // Should it not be refused, it is taken back at once: it must not become a transaction of the replica's own.
  const insert = `INSERT INTO ${context.plan.lab.database.name}.messages (body, server) VALUES ('lab verify', '${server.name}')`;
  const outcomes = await asAccount(context, fromServer, { database: replica, user: 'app', password }, [
    'START TRANSACTION',
    insert,
    'ROLLBACK',
  ]);
  const tried = outcomes[1];
  const answer =
    tried === undefined || tried.ok ? 'was carried out' : `got ${tried.error.errno} ${tried.error.message}`;
  const good = variables['super_read_only'] === 'ON' && tried?.ok === false && tried.error.errno === 1290;
  return verdict(good, `super_read_only ${variables['super_read_only'] ?? 'unknown'}; an INSERT by app ${answer}`);
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
  const { primary, replica } = cast(context);
  const wrong = await Promise.all(
    [primary, replica].map(async ({ name }) => {
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
      ? `${primary.name} and ${replica.name}: ${Object.keys(wanted).length} settings as they must be`
      : all.join('; '),
  );
}

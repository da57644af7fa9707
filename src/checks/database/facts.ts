import type { CheckContext } from '../check.ts';
import { once } from '../once.ts';
import { pairs, rowsAsRoot, statementsAsRoot, type Row } from './as-root.ts';

/** What a database says of itself, over its socket. */
export interface DatabaseFacts {
  /** Of the replication channel, as SHOW REPLICA STATUS gives it; nothing on a primary. */
  replication: Row | undefined;
  /** Names in lower case. */
  variables: Readonly<Record<string, string>>;
  status: Readonly<Record<string, string>>;
  accounts: readonly Account[];
  gtidExecuted: string;
}

export interface Account {
  user: string;
  host: string;
  plugin: string;
  locked: boolean;
  /** May come without a password. */
  open: boolean;
  tls: boolean;
  /** Of the certificate that it has to show; empty where it need not. */
  subject: string;
  grants: readonly string[];
}

const variables = `SHOW GLOBAL VARIABLES WHERE Variable_name IN ('server_uuid', 'read_only', 'super_read_only', 'sync_binlog', 'log_bin',
  'innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'gtid_mode', 'enforce_gtid_consistency', 'binlog_format',
  'require_secure_transport', 'tls_version', 'rpl_semi_sync_source_enabled', 'rpl_semi_sync_replica_enabled',
  'rpl_semi_sync_source_wait_point', 'relay_log_recovery', 'local_infile', 'skip_name_resolve')`;

const accounts = `SELECT user, host, plugin, account_locked AS locked, ssl_type <> '' AS tls, CONVERT(x509_subject USING utf8mb4) AS subject,
  plugin <> 'auth_socket' AND authentication_string = '' AS open FROM mysql.user ORDER BY user, host`;

// One column per account would need its name beforehand, so the privileges are read from the tables behind SHOW GRANTS.
const grants = `SELECT grantee, 'ON *.*' AS scope, privilege_type AS privilege, is_grantable AS grantable FROM information_schema.user_privileges
  UNION ALL SELECT grantee, CONCAT('ON ', table_schema, '.*'), privilege_type, is_grantable FROM information_schema.schema_privileges
  UNION ALL SELECT grantee, CONCAT('ON ', table_schema, '.', table_name), privilege_type, is_grantable FROM information_schema.table_privileges`;

const statements = [
  'SHOW REPLICA STATUS',
  variables,
  "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync%'",
  accounts,
  grants,
  'SELECT @@global.gtid_executed AS gtids',
];

/** Read in one go for all checks of a run; again when it is older than `maxAgeMs`. */
export function databaseFacts(context: CheckContext, service: string, maxAgeMs = Infinity): Promise<DatabaseFacts> {
  return once(context, `database/facts/${service}`, () => read(context, service), maxAgeMs);
}

async function read(context: CheckContext, service: string): Promise<DatabaseFacts> {
  const outcomes = await statementsAsRoot(context, service, statements);
  const rows = (index: number): Row[] => rowsAsRoot(outcomes[index]);
  return {
    replication: rows(0)[0],
    variables: pairs(rows(1)),
    status: pairs(rows(2)),
    accounts: rows(3).map((row) => account(row, rows(4))),
    gtidExecuted: (rows(5)[0]?.['gtids'] ?? '').replace(/\s/g, ''),
  };
}

function account(row: Row, privileges: readonly Row[]): Account {
  const { user = '', host = '' } = row;
  const own = privileges.filter((one) => (one['GRANTEE'] ?? one['grantee']) === `'${user}'@'${host}'`);
  const grants = own
    .filter(({ privilege }) => privilege !== 'USAGE')
    .map(
      ({ privilege, scope, grantable }) =>
        `${privilege ?? ''} ${scope ?? ''}${grantable === 'YES' ? ' WITH GRANT OPTION' : ''}`,
    );
  return {
    user,
    host,
    plugin: row['plugin'] ?? '',
    locked: row['locked'] === 'Y',
    open: row['open'] === '1',
    tls: row['tls'] === '1',
    subject: row['subject'] ?? '',
    grants: grants.sort(),
  };
}

import { randomUUID } from 'node:crypto';
import type { ServicePlan } from '../../plan/types.ts';
import type { SqlOutcome } from '../../probe/operations/sql.ts';
import type { From } from '../../probe/vantages.ts';
import type { CheckContext } from '../check.ts';
import { accountIdentity } from '../identity.ts';
import { servicesOf } from '../services.ts';
import { statementsAsRoot } from './as-root.ts';
import { rolesNow } from './roles.ts';

/** Something that an account must not be able to do. What would do harm is aimed at what does not exist. */
export interface Attempt {
  what: string;
  statement: string;
}

/** MySQL's numbers for "you may not": of tables, columns, accounts, privileges, databases and files. */
const refusals = new Set([1044, 1045, 1142, 1143, 1227, 1290, 1370, 1410]);

const fresh = `lab_check_${randomUUID().slice(0, 8)}`;

/** What an application's account has no use for. */
export function attemptsBeyond(database: string): Attempt[] {
  return [
    { what: 'CREATE TABLE', statement: `CREATE TABLE ${database}.${fresh} (id INT)` },
    { what: 'DROP TABLE', statement: `DROP TABLE IF EXISTS ${database}.${fresh}` },
    { what: 'ALTER TABLE', statement: `ALTER TABLE ${database}.${fresh} ADD COLUMN x INT` },
    { what: 'CREATE DATABASE', statement: `CREATE DATABASE ${fresh}` },
    { what: 'CREATE USER', statement: `CREATE USER ${fresh}` },
    { what: 'GRANT', statement: `GRANT SELECT ON ${database}.* TO CURRENT_USER()` },
    { what: 'reading the accounts', statement: 'SELECT user FROM mysql.user LIMIT 1' },
    { what: 'writing a file', statement: `SELECT 1 INTO OUTFILE '/tmp/${fresh}'` },
    { what: 'SET GLOBAL', statement: 'SET GLOBAL net_buffer_length = 16384' },
    { what: 'reading the binary log', statement: 'SHOW BINARY LOGS' },
    { what: 'reading how replication stands', statement: 'SHOW REPLICA STATUS' },
  ];
}

/** Those of the attempts that MySQL did not refuse. */
export function notRefused(attempts: readonly Attempt[], outcomes: readonly SqlOutcome[]): string[] {
  return attempts.flatMap(({ what }, index) => {
    const outcome = outcomes[index];
    if (outcome === undefined) return [`${what}: not tried`];
    if (outcome.ok) return [`${what} succeeded`];
    return refusals.has(outcome.error.errno) ? [] : [`${what}: ${outcome.error.errno} ${outcome.error.message}`];
  });
}

/** Takes back what an attempt may have made, should it have succeeded. */
export async function undoAttempts(context: CheckContext, service: string, database: string): Promise<void> {
  await statementsAsRoot(context, service, [
    `DROP TABLE IF EXISTS ${database}.${fresh}`,
    `DROP DATABASE IF EXISTS ${fresh}`,
    `DROP USER IF EXISTS ${fresh}`,
  ]);
}

export interface Login {
  database: ServicePlan;
  user: string;
  password: string;
  /** Default: TLS that verifies. */
  plain?: boolean;
  /** Default: the certificate of the account's owner, where the lab asks for one. */
  anonymous?: boolean;
  /** How long connecting and each statement may take; default 10,000. */
  patienceMs?: number;
}

/** Statements over a connection of its own. */
export async function asAccount(
  context: CheckContext,
  from: From,
  { database, user, password, plain = false, anonymous = false, patienceMs = 10_000 }: Login,
  statements: readonly string[],
): Promise<SqlOutcome[]> {
  const identity = anonymous ? undefined : await accountIdentity(context, user);
  return context.vantages.from(from).sql({
    host: database.address,
    user,
    password,
    tls: plain ? false : { ca: await context.ca(), ...(identity === undefined ? {} : { identity }) },
    statements,
    timeoutMs: patienceMs,
  });
}

/** The services that the checks of databases are made of, and whence logins are tried. @throws when the lab lacks one */
export async function cast(context: CheckContext): Promise<{
  primary: ServicePlan;
  replica: ServicePlan;
  /** The two of them, or the one that is both. */
  databases: ServicePlan[];
  server: ServicePlan;
  fromServer: From;
  /** Beside the databases, where no firewall stands between. */
  neighbour: From;
}> {
  const { primary, replica } = await rolesNow(context);
  const [server] = servicesOf(context.plan, 'web');
  if (server === undefined) throw new Error('the lab has no server');
  const databases = [...new Set([primary, replica])];
  return {
    primary,
    replica,
    databases,
    server,
    fromServer: { service: server.name },
    neighbour: { zone: primary.zone },
  };
}

/** `let in`, or MySQL's number or the connection's code for why not. */
export function wordsOf(outcome: SqlOutcome | undefined): string {
  return outcome === undefined
    ? 'not tried'
    : outcome.ok
      ? 'let in'
      : String(outcome.error.errno === 0 ? outcome.error.code : outcome.error.errno);
}

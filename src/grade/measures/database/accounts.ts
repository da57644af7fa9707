import * as z from 'zod';
import { statementsAsRoot } from '../../../checks/database/as-root.ts';
import { notRefused } from '../../../checks/database/attempts.ts';
import type { SqlOutcome } from '../../../probe/operations/sql.ts';
import { execAnywhere } from '../in-theirs.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { databaseOf, rowsOfLast } from './as-root.ts';
import { passwordOf } from './script.ts';

const place = z
  .union([z.strictObject({ service: z.string() }), z.strictObject({ zone: z.string() }), z.literal('socket')])
  .describe('Where the account comes from; `socket` is within the server’s own machine.');
const deeds = z.array(z.strictObject({ what: z.string(), statement: z.string() })).min(1);
const account = { service: z.string(), user: z.string(), from: place };

type Place = z.output<typeof place>;
interface Login {
  service: string;
  user: string;
  from: Place;
  tls?: boolean;
}

/** An account logs in with its password and can do its work. */
export const accountDoes = defineMeasure({
  options: z.strictObject({ ...account, does: deeds }),
  run: async (context, { does, ...login }) => {
    const outcomes = await asAccount(context, login, written(context, does));
    const failures = does.flatMap(({ what }, index) => {
      const outcome = outcomes[index];
      return outcome?.ok === true ? [] : [`${what}: ${wordsOf(outcome)}`];
    });
    const observed =
      failures.length === 0 ? `${login.user} can: ${does.map(({ what }) => what).join(', ')}` : failures.join('; ');
    return { good: failures.length === 0, observed };
  },
});

/** What an account has no use for is refused by its rights. */
export const accountCannot = defineMeasure({
  options: z.strictObject({ ...account, cannot: deeds }),
  run: async (context, { cannot, ...login }) => {
    const programs = await storedPrograms(context, login.service);
    if (programs.length > 0)
      return { good: false, observed: `these may refuse in MySQL’s place: ${programs.join(', ')}` };
    const beyond = notRefused(cannot, await asAccount(context, login, written(context, cannot)));
    return { good: beyond.length === 0, observed: beyond.length === 0 ? 'all of it is refused' : beyond.join('; ') };
  },
});

/** Functions, procedures and triggers of others than MySQL's own: one may speak of rights where there is every right. */
async function storedPrograms(context: MeasureContext, service: string): Promise<string[]> {
  const kinds = [
    ['routine', 'routines'],
    ['trigger', 'triggers'],
  ];
  const each = kinds.map(
    ([kind, table]) =>
      `SELECT CONCAT('the ${kind} ', ${kind}_schema, '.', ${kind}_name) AS program FROM information_schema.${table} WHERE ${kind}_schema NOT IN ('sys', 'mysql')`,
  );
  const rows = await rowsOfLast(context, service, [each.join(' UNION ALL ')]);
  return rows.flatMap(({ program }) => program ?? []).slice(0, 5);
}

/** With the right password, from another place or in the clear, an account does not come in. */
export const accountStaysOut = defineMeasure({
  options: z.strictObject({ ...account, tls: z.boolean().default(true) }),
  run: async (context, { tls, ...login }) => {
    // A password that has been seen over TLS is known to the server and may then come in the clear (caching_sha2_password).
    if (!tls) await asAccount(context, login, ['DO 0']);
    const [outcome] = await asAccount(context, { ...login, tls }, ['DO 0']);
    const how = tls ? '' : ', in the clear';
    if (outcome?.ok === true)
      return { good: false, observed: `${login.user} comes in from ${named(login.from)}${how}` };
    const refused =
      [1045, 1130, 1251, 3159].includes(outcome?.error.errno ?? 0) || (!tls && outcome?.error.atConnect === true);
    return { good: refused, observed: `from ${named(login.from)}${how}: ${wordsOf(outcome)}` };
  },
});

/** Nobody has an account but those that the exercise asks for. Locked ones, such as roles, let nobody in. */
export const onlyAccounts = defineMeasure({
  options: z.strictObject({ service: z.string(), users: z.array(z.string()) }),
  run: async (context, { service, users }) => {
    const rows = await rowsOfLast(context, service, [
      `SELECT user, host, authentication_string = '' AND plugin <> 'auth_socket' AS open FROM mysql.user WHERE account_locked <> 'Y'`,
    ]);
    const strange = rows.flatMap(({ user = '', host = '', open }) => {
      const known = users.includes(user) || (user === 'root' && host === 'localhost');
      if (known && open === '0') return [];
      return [`${user === '' ? 'an account without a name' : user}@${host}${known ? ' without a password' : ''}`];
    });
    return { good: strange.length === 0, observed: strange.length === 0 ? 'nobody else' : strange.join(', ') };
  },
});

function written(context: MeasureContext, list: z.output<typeof deeds>): string[] {
  const fresh = `lab_${context.fresh('deeds').slice(0, 12)}`;
  return list.map(({ statement }) =>
    statement.replaceAll('{database}', databaseOf(context)).replaceAll('{fresh}', fresh),
  );
}

/** Statements as an account, one outcome each, whether it comes in or not. */
async function asAccount(
  context: MeasureContext,
  { service, user, from, tls = true }: Login,
  statements: readonly string[],
): Promise<SqlOutcome[]> {
  const { lab } = context;
  const password = passwordOf(context, user);
  if (from !== 'socket') {
    const { address } = lab.service(service);
    const secure = tls ? { ca: await lab.ca() } : (false as const);
    return lab.vantages.from(from).sql({ host: address, user, password, tls: secure, statements, timeoutMs: 3000 });
  }
  const client = [
    'env',
    `MYSQL_PWD=${password}`,
    'mysql',
    '--no-defaults',
    `--user=${user}`,
    '--socket=/run/mysqld/mysqld.sock',
  ];
  const outcomes = await statementsAsRoot({ exec: execAnywhere(context) }, service, statements, client);
  return outcomes.map((outcome): SqlOutcome => {
    if (!('error' in outcome)) return { ok: true, rows: [], affectedRows: 0 };
    const errno = Number.parseInt(outcome.error, 10);
    return { ok: false, error: { code: `ER_${errno}`, errno, message: outcome.error, atConnect: false } };
  });
}

function named(from: Place): string {
  if (from === 'socket') return 'the server’s own machine';
  return 'service' in from ? from.service : `the zone ${from.zone}`;
}

function wordsOf(outcome: SqlOutcome | undefined): string {
  if (outcome === undefined) return 'not tried';
  return outcome.ok ? 'succeeded' : `${outcome.error.code} ${outcome.error.message}`;
}

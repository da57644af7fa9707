import { isMutual } from '../../plan/inside.ts';
import type { Plan } from '../../plan/types.ts';
import { nameOf } from '../../probe/vantages.ts';
import { verdict, type Check, type CheckContext, type Observation } from '../check.ts';
import { databasesOf, servicesOf } from '../services.ts';
import { accountProblems, declaredAccounts } from './accounts.ts';
import { asAccount, attemptsBeyond, cast, notRefused, undoAttempts, wordsOf } from './attempts.ts';
import { databaseFacts } from './facts.ts';
import { exporterIsLocal, refusesStrangers, rootIsLocal } from './logins.ts';
import { requiresCertificates, requiresTls } from './transport.ts';

/** Who may come to the databases, how, and what for. */
export function accessChecks(plan: Plan): Check[] {
  const members = databasesOf(plan, 'member');
  const [primary = members[0]] = databasesOf(plan, 'primary');
  const [replica = members[1] ?? primary] = databasesOf(plan, 'replica');
  const [server] = servicesOf(plan, 'web');
  if (primary === undefined || replica === undefined || server === undefined) return [];
  const { project } = plan.settings;
  const mysql = (service: string, statement: string): string =>
    `./lab shell ${service} --project ${project} -- mysql -e "${statement}"`;
  const requirement = 'database' as const;
  const [both, onBoth] = primary === replica ? ['The database answers', ''] : ['Both databases answer', ', on both'];
  const accounts = 'SELECT user, host, plugin, account_locked, ssl_type FROM mysql.user';
  return [
    {
      id: 'database.reachable',
      title: `${both} a server`,
      requirement,
      points: 1,
      expected: `the application’s account logs in from ${server.name} and is answered, on ${[...new Set([primary.name, replica.name])].join(' and on ')}`,
      reproduce: `./lab why ${server.name} ${primary.name}:3306 --project ${project}`,
      hint: 'A time-out is a firewall, or a server that is away; a refusal is a server whose MySQL does not run; 1045 is a wrong password, 1040 too many connections.',
      retry: { deadlineMs: 2000 },
      run: (context) => databasesReachable(context),
    },
    {
      id: 'database.requires-tls',
      title: 'Databases talk over TLS 1.2 or 1.3 only',
      requirement,
      points: 2,
      expected: `with the right password: in over TLS, refused in the clear; TLS 1.1 refused; TLS required of everybody${onBoth}`,
      reproduce: `./lab probe ${server.name} --project ${project} -- openssl s_client -connect ${primary.name}:3306 -starttls mysql -tls1_1 -cipher DEFAULT@SECLEVEL=0`,
      hint: '`require_secure_transport` refuses whoever speaks in the clear, before any password is sent; `tls_version` names what is accepted.',
      dependsOn: ['database.reachable'],
      run: (context) => requiresTls(context),
    },
    ...(isMutual(plan.lab) ? [requiresCertificates] : []).map((run) => ({
      id: 'database.requires-certificates',
      title: 'A password is nothing without its owner’s certificate',
      requirement,
      points: 2,
      expected:
        'with the right password: in with the certificate of the account’s owner, refused with none (1045), for the application and for replication',
      reproduce: mysql(primary.name, 'SELECT user, ssl_type, CONVERT(x509_subject USING utf8mb4) FROM mysql.user'),
      hint: 'REQUIRE SUBJECT asks for one certificate, REQUIRE X509 for any of the CA, REQUIRE SSL for none.',
      dependsOn: ['database.reachable'],
      run,
    })),
    {
      id: 'database.refuses-strangers',
      title: 'Nobody comes in without the right password',
      requirement,
      points: 2,
      expected: `a wrong password, none at all, and unknown names refused with error 1045 or 1130${onBoth}`,
      reproduce: mysql(primary.name, accounts),
      hint: 'An account without a name or without a password, or one for any host (%), lets in whoever reaches the port.',
      dependsOn: ['database.reachable'],
      run: (context) => refusesStrangers(context),
    },
    {
      id: 'database.root-is-local',
      title: 'root cannot come over the network',
      requirement,
      points: 2,
      expected:
        'refused from a server and from the databases’ own zone; only over the socket, as the operating system’s user',
      reproduce: mysql(primary.name, "SELECT host, plugin FROM mysql.user WHERE user = 'root'"),
      hint: 'root@localhost by auth_socket has no password that could leak. A root@% would need only to be guessed.',
      dependsOn: ['database.reachable'],
      run: (context) => rootIsLocal(context),
    },
    {
      id: 'database.app-least-privilege',
      title: 'The application’s account can do its work and nothing else',
      requirement,
      points: 2,
      expected: 'it reads; creating, dropping, granting, reading accounts, files and settings are refused',
      reproduce: mysql(primary.name, `SHOW GRANTS FOR app@'${declaredAccounts(plan)[0]?.host ?? ''}'`),
      hint: 'What the account cannot do, an attacker who has taken the application cannot do either. REVOKE what it does not use.',
      dependsOn: ['database.reachable'],
      run: (context) => appLeastPrivilege(context),
    },
    {
      id: 'database.replicator-least-privilege',
      title: 'The replicator’s account can replicate and nothing else',
      requirement,
      points: 1,
      expected: `from the databases’ zone: logs in, may read no table and write none${server.zone === primary.zone ? '' : '; from a server: refused'}`,
      reproduce: mysql(primary.name, `SHOW GRANTS FOR replicator@'${declaredAccounts(plan)[1]?.host ?? ''}'`),
      hint: 'REPLICATION SLAVE is all it needs. A replica’s configuration holds this password, so it should be worth little elsewhere.',
      dependsOn: ['database.reachable'],
      run: (context) => replicatorLeastPrivilege(context),
    },
    {
      id: 'database.exporter-is-local',
      title: 'The monitoring client’s account is local',
      requirement,
      points: 1,
      expected: `refused over the network even with its password${onBoth}; REPLICATION CLIENT and nothing else`,
      reproduce: mysql(primary.name, 'SHOW GRANTS FOR exporter@localhost'),
      hint: 'mysqld_exporter stands beside mysqld and comes over the socket: its account needs no other host than localhost.',
      dependsOn: ['database.reachable'],
      run: (context) => exporterIsLocal(context),
    },
    {
      id: 'database.accounts-as-declared',
      title: 'There are no accounts and no rights but the declared ones',
      requirement,
      points: 2,
      expected: `${declaredAccounts(plan)
        .map(({ user, host }) => `${user}@${host}`)
        .join(', ')}, root over the socket, and MySQL’s own, locked${onBoth}`,
      reproduce: mysql(primary.name, accounts),
      hint: 'An account that nobody declared is a way in that nobody watches.',
      dependsOn: ['database.reachable'],
      retry: { deadlineMs: 2000 },
      run: (context) => accountsAsDeclared(context),
    },
  ];
}

async function databasesReachable(context: CheckContext): Promise<Observation> {
  const { databases, server, fromServer } = await cast(context);
  const password = await context.secret(server.name, 'mysql-app');
  const seen = await Promise.all(
    databases.map(async (database) => {
      const [outcome] = await asAccount(context, fromServer, { database, user: 'app', password, patienceMs: 3000 }, [
        'SELECT 1',
      ]);
      return { name: database.name, outcome };
    }),
  );
  return verdict(
    seen.every(({ outcome }) => outcome?.ok === true),
    seen.map(({ name, outcome }) => `${name}: ${wordsOf(outcome)}`).join('; '),
  );
}

async function appLeastPrivilege(context: CheckContext): Promise<Observation> {
  const { primary, server, fromServer } = await cast(context);
  const { name } = context.plan.lab.database;
  const password = await context.secret(server.name, 'mysql-app');
  const attempts = attemptsBeyond(name);
  const work = `SELECT COUNT(*) FROM ${name}.messages`;
  const login = { database: primary, user: 'app', password };
  const [control, ...outcomes] = await asAccount(context, fromServer, login, [
    work,
    ...attempts.map(({ statement }) => statement),
  ]);
  const beyond = notRefused(attempts, outcomes);
  if (outcomes.some(({ ok }) => ok)) await undoAttempts(context, primary.name, name);
  if (control?.ok !== true) return verdict(false, `it cannot even read: ${wordsOf(control)}`);
  return verdict(
    beyond.length === 0,
    beyond.length === 0 ? `it reads; ${attempts.length} other things were refused` : beyond.join('; '),
  );
}

async function replicatorLeastPrivilege(context: CheckContext): Promise<Observation> {
  const { primary, replica, server, fromServer, neighbour } = await cast(context);
  const password = await context.secret(replica.name, 'mysql-replicator');
  const { name } = context.plan.lab.database;
  const attempts = [
    { what: 'reading messages', statement: `SELECT body FROM ${name}.messages LIMIT 1` },
    ...attemptsBeyond(name),
  ]
    // Reading the log is its very work.
    .filter(({ what }) => what !== 'reading the binary log');
  const login = { database: primary, user: 'replicator', password };
  const [[control, ...outcomes], [outside]] = await Promise.all([
    asAccount(context, neighbour, login, ['SELECT 1', ...attempts.map(({ statement }) => statement)]),
    asAccount(context, fromServer, login, ['SELECT 1']),
  ]);
  if (outcomes.some(({ ok }) => ok)) await undoAttempts(context, primary.name, name);
  const beyond = notRefused(attempts, outcomes);
  // An account is told from another by its subnet, and here both have the same.
  const neighbours = server.zone === primary.zone;
  if (outside?.ok === true && !neighbours) beyond.push(`it may come from ${server.name}`);
  if (control?.ok !== true)
    return verdict(false, `it cannot even log in from ${nameOf(neighbour)}: ${wordsOf(control)}`);
  return verdict(
    beyond.length === 0,
    beyond.length === 0
      ? `${attempts.length} things were refused${neighbours ? '' : `; from ${server.name}: ${wordsOf(outside)}`}`
      : beyond.join('; '),
  );
}

async function accountsAsDeclared(context: CheckContext): Promise<Observation> {
  const { databases } = await cast(context);
  const declared = declaredAccounts(context.plan);
  const seen = await Promise.all(
    databases.map(async ({ name }) => {
      const { accounts } = await databaseFacts(context, name, 100);
      return {
        count: `${name} ${accounts.length} accounts`,
        problems: accountProblems(accounts, declared).map((problem) => `${name}: ${problem}`),
      };
    }),
  );
  const problems = seen.flatMap((one) => one.problems);
  const good = `${seen.map(({ count }) => count).join(', ')}, all declared`;
  return verdict(problems.length === 0, problems.length === 0 ? good : problems.join('; '));
}

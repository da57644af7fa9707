import { verdict, type CheckContext, type Observation } from '../check.ts';
import { asAccount, cast, wordsOf } from './attempts.ts';
import { databaseFacts } from './facts.ts';

/** Logs in over TLS and in the clear, and shakes hands in an old version of TLS and a current one. */
export async function requiresTls(context: CheckContext): Promise<Observation> {
  const { databases, server, fromServer } = await cast(context);
  const password = await context.secret(server.name, 'mysql-app');
  const vantage = context.vantages.from(fromServer);
  const handshake = async (address: string, version: string): Promise<boolean> => {
    // The server greets in the clear, so it takes a client that knows MySQL. Security level 0: the client's own is not the question.
    const { stdout } = await vantage.command(
      [
        'openssl',
        's_client',
        '-connect',
        `${address}:3306`,
        '-starttls',
        'mysql',
        `-${version}`,
        '-cipher',
        'DEFAULT@SECLEVEL=0',
      ],
      { timeoutMs: 10_000 },
    );
    return /^New, TLSv/m.test(stdout);
  };
  const seen = await Promise.all(
    databases.map(async (database) => {
      const login = { database, user: 'app', password };
      const [[secure], [plain], old, current, { variables }] = await Promise.all([
        asAccount(context, fromServer, login, ['SELECT 1']),
        asAccount(context, fromServer, { ...login, plain: true }, ['SELECT 1']),
        handshake(database.address, 'tls1_1'),
        handshake(database.address, 'tls1_2'),
        databaseFacts(context, database.name),
      ]);
      // An account that must use TLS is turned away as such (1045) before the server asks it of everybody (3159).
      const required = variables['require_secure_transport'] ?? 'unknown';
      const refused = plain?.ok === false && [1045, 3159].includes(plain.error.errno) && required === 'ON';
      const versions = `TLS 1.1 ${old ? 'accepted' : 'refused'}, TLS 1.2 ${current ? 'accepted' : 'refused'}`;
      const words = `${database.name}: over TLS ${wordsOf(secure)}, plain ${wordsOf(plain)}, require_secure_transport ${required}, ${versions}`;
      return { good: secure?.ok === true && refused && !old && current, words };
    }),
  );
  return verdict(
    seen.every(({ good }) => good),
    seen.map(({ words }) => words).join('; '),
  );
}

/** Logs in as the application and as the replica, with the certificate of each and without. */
export async function requiresCertificates(context: CheckContext): Promise<Observation> {
  const { primary, replica, server, fromServer, neighbour } = await cast(context);
  const [app, replicator] = await Promise.all([
    context.secret(server.name, 'mysql-app'),
    context.secret(replica.name, 'mysql-replicator'),
  ]);
  const logins = [
    { from: fromServer, login: { database: primary, user: 'app', password: app } },
    { from: fromServer, login: { database: replica, user: 'app', password: app } },
    { from: neighbour, login: { database: primary, user: 'replicator', password: replicator } },
  ];
  const seen = await Promise.all(
    logins.map(async ({ from, login }) => {
      const [[shown], [without]] = await Promise.all([
        asAccount(context, from, login, ['SELECT 1']),
        asAccount(context, from, { ...login, anonymous: true }, ['SELECT 1']),
      ]);
      const refused = without?.ok === false && without.error.errno === 1045;
      const words = `${login.user} at ${login.database.name}: with its certificate ${wordsOf(shown)}, without ${wordsOf(without)}`;
      return { good: shown?.ok === true && refused, words };
    }),
  );
  return verdict(
    seen.every(({ good }) => good),
    seen.map(({ words }) => words).join('; '),
  );
}

import { nameOf, type From } from '../../probe/vantages.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { asAccount, cast, wordsOf, type Login } from './attempts.ts';
import { databaseFacts } from './facts.ts';

/** Tries wrong passwords, none, and names that are nobody's. */
export async function refusesStrangers(context: CheckContext): Promise<Observation> {
  const { databases, fromServer } = await cast(context);
  return refused(
    context,
    databases.flatMap((database) =>
      [
        { user: 'app', password: 'not the password' },
        { user: 'app', password: '' },
        { user: 'nobody', password: '' },
        { user: '', password: '' },
      ].map((who) => ({ from: fromServer, login: { database, ...who } })),
    ),
  );
}

/** Tries root from a server and from the databases' own zone, and looks at how root may come at all. */
export async function rootIsLocal(context: CheckContext): Promise<Observation> {
  const { databases, fromServer, neighbour } = await cast(context);
  const tried = await refused(
    context,
    databases.flatMap((database) =>
      [fromServer, neighbour].map((from) => ({ from, login: { database, user: 'root', password: '' } })),
    ),
  );
  const facts = await Promise.all(databases.map(({ name }) => databaseFacts(context, name)));
  const roots = facts.flatMap(({ accounts }) => accounts.filter(({ user }) => user === 'root'));
  const local = roots.every(({ host, plugin }) => host === 'localhost' && plugin === 'auth_socket');
  const words = [...new Set(roots.map(({ host, plugin }) => `root@${host} by ${plugin}`))].join(', ');
  return verdict(tried.status === 'passed' && local, `${tried.observed}; ${words}`);
}

/** Tries the exporter's real password over the network, and looks at its rights. */
export async function exporterIsLocal(context: CheckContext): Promise<Observation> {
  const { primary, databases, fromServer, neighbour } = await cast(context);
  const password = await context.secret(primary.name, 'mysql-exporter');
  const tried = await refused(
    context,
    databases.flatMap((database) =>
      [fromServer, neighbour].map((from) => ({ from, login: { database, user: 'exporter', password } })),
    ),
  );
  const facts = await Promise.all(databases.map(({ name }) => databaseFacts(context, name)));
  const grants = [
    ...new Set(
      facts.flatMap(({ accounts }) => accounts.filter(({ user }) => user === 'exporter')).flatMap((one) => one.grants),
    ),
  ];
  const least = grants.length === 1 && grants[0] === 'REPLICATION CLIENT ON *.*';
  return verdict(tried.status === 'passed' && least, `${tried.observed}; it may ${grants.join(', ') || 'nothing'}`);
}

/** Passes when MySQL itself turns every login away: no answer at all would prove nothing. */
async function refused(context: CheckContext, tries: readonly { from: From; login: Login }[]): Promise<Observation> {
  const outcomes = await Promise.all(
    tries.map(async ({ from, login }) => ({
      from,
      login,
      outcome: (await asAccount(context, from, login, ['SELECT 1']))[0],
    })),
  );
  const wrong = outcomes.filter(({ outcome }) => outcome?.ok !== false || ![1045, 1130].includes(outcome.error.errno));
  const words = wrong.map(({ from, login, outcome }) => {
    const who = `${login.user === '' ? '(no name)' : login.user} ${login.password === '' ? 'without a password' : 'with a password'}`;
    return `${who} from ${nameOf(from)} to ${login.database.name}: ${wordsOf(outcome)}`;
  });
  const codes = [...new Set(outcomes.map(({ outcome }) => wordsOf(outcome)))].join(', ');
  return verdict(
    wrong.length === 0,
    wrong.length === 0 ? `${outcomes.length} logins refused (${codes})` : words.join('; '),
  );
}

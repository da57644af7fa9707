import { lastServer, the, zoneOf } from '../cast.ts';
import { statements } from '../changes/statements.ts';
import type { Fault } from '../fault.ts';
import { whoWrites } from '../changes/who-writes.ts';

export const tooManyConnections: Fault = {
  name: 'database-too-many-connections',
  part: 'database',
  title: 'The application’s account may have only one connection to a database',
  difficulty: 3,
  visitor: 'Some messages cannot be read or written: 503.',
  felt: true,
  checks: ['balancing.site-answers', 'servers.site-answers', 'servers.application-ready', 'database.reachable'],
  alert: { name: 'ConnectionsNearLimit', withinSeconds: 25 },
  hints: [
    'Those who are in work well.',
    'What does MySQL say to the application when it comes anew?',
    'An account can have a limit of its own: `SELECT user, max_user_connections FROM mysql.user` on the primary.',
  ],
  needs: ['database', 'web'],
  changes: (plan) => {
    const app = `app@'${zoneOf(plan, lastServer(plan)).subnet}'`;
    const { name } = the(plan, 'database');
    const limit = statements(name, {
      what: 'account-limits',
      at: whoWrites,
      read: "SELECT max_user_connections FROM mysql.user WHERE user = 'app'",
      broken: [`ALTER USER ${app} WITH MAX_USER_CONNECTIONS 1`],
      mended: (before) => [`ALTER USER ${app} WITH MAX_USER_CONNECTIONS ${before}`],
    });
    return [
      {
        ...limit,
        apply: async (lab, before) => {
          await limit.apply(lab, before);
          // It holds for connections made from now on; then the last server takes the only one there is.
          await lab.run(await whoWrites(lab), [
            'sh',
            '-c',
            `mysql -N -e "SELECT CONCAT('KILL ', id, ';') FROM information_schema.processlist WHERE user = 'app'" | mysql --force`,
          ]);
          await lab.tryRun(lastServer(plan).name, ['http-ok', '80', '/readyz']);
        },
      },
    ];
  },
};

import { database, lastServer, zoneOf } from '../cast.ts';
import { statements } from '../changes/statements.ts';
import type { Fault } from '../fault.ts';

export const tooManyConnections: Fault = {
  name: 'database-too-many-connections',
  part: 'database',
  title: 'The application’s account may have only two connections to a database',
  difficulty: 3,
  visitor: 'Some messages cannot be read or written: 503.',
  felt: true,
  checks: [],
  alert: { name: 'ConnectionsNearLimit', withinSeconds: 25 },
  hints: [
    'Those who are in work well.',
    'What does MySQL say to the application when it comes anew?',
    'An account can have a limit of its own: `SELECT user, max_user_connections FROM mysql.user` on the primary.',
  ],
  needs: ['database', 'web'],
  changes: (plan) => {
    const app = `app@'${zoneOf(plan, lastServer(plan)).subnet}'`;
    return [
      statements(database(plan, 'primary').name, {
        what: 'account-limits',
        read: "SELECT max_user_connections FROM mysql.user WHERE user = 'app'",
        broken: [`ALTER USER ${app} WITH MAX_USER_CONNECTIONS 2`],
        mended: (before) => [`ALTER USER ${app} WITH MAX_USER_CONNECTIONS ${before}`],
      }),
    ];
  },
};

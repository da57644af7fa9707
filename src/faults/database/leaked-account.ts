import { statements } from '../changes/statements.ts';
import { the } from '../cast.ts';
import type { Fault } from '../fault.ts';
import { whoWrites } from '../changes/who-writes.ts';

export const leakedAccount: Fault = {
  name: 'database-leaked-account',
  part: 'database',
  title: 'An account that nobody declared may do everything, from anywhere',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['database.accounts-as-declared'],
  alert: { name: 'UnexpectedAccount', withinSeconds: 30 },
  hints: [
    'Who may come to the databases?',
    'Compare the accounts with those that the lab declares.',
    '`SELECT user, host FROM mysql.user`: whose is backup@%?',
  ],
  needs: ['database'],
  changes: (plan) => [
    statements(the(plan, 'database').name, {
      what: 'accounts',
      at: whoWrites,
      read: 'SELECT user, host FROM mysql.user ORDER BY user, host',
      broken: [
        "CREATE USER backup@'%' IDENTIFIED BY 'backup'",
        "GRANT ALL PRIVILEGES ON *.* TO backup@'%' WITH GRANT OPTION",
      ],
      mended: () => ["DROP USER IF EXISTS backup@'%'"],
    }),
  ],
};

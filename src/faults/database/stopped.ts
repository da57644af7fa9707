import { processState } from '../changes/process.ts';
import { database } from '../cast.ts';
import type { Fault } from '../fault.ts';

/** Where the database has a server to itself, the whole of it goes: database-primary-gone. */
export const databaseStopped: Fault = {
  name: 'database-stopped',
  part: 'database',
  title: 'MySQL has ended, on a server that serves the site all the same',
  difficulty: 1,
  visitor: 'The page comes, without messages. Nothing can be read or written: 503.',
  felt: true,
  checks: ['servers.site-answers', 'servers.application-ready', 'database.reachable'],
  alert: { name: 'DatabaseDown', withinSeconds: 20 },
  hints: [
    'The page comes. What is missing on it?',
    '/readyz names what the application does not reach.',
    '`lab shell server -- s6-svstat /run/service/mysqld`.',
  ],
  needs: ['server'],
  changes: (plan) => [processState(database(plan, 'primary').name, 'mysqld', 'stopped')],
};

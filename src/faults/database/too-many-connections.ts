import { statements } from '../changes/statements.ts';
import { database } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const tooManyConnections: Fault = {
  name: 'database-too-many-connections',
  part: 'database',
  title: 'The primary lets in no more connections than it has',
  difficulty: 2,
  visitor: 'Some messages cannot be written: 503.',
  felt: true,
  checks: [],
  alert: { name: 'ConnectionsNearLimit', withinSeconds: 25 },
  hints: [
    'Those who are in work well.',
    'What does MySQL say to whoever comes now?',
    '`SELECT @@max_connections` on the primary, and `SHOW STATUS LIKE "Threads_connected"`.',
  ],
  needs: ['database', 'web'],
  changes: (plan) => [
    statements(database(plan, 'primary').name, {
      what: 'max-connections',
      read: 'SELECT @@global.max_connections',
      broken: ['SET GLOBAL max_connections = 3'],
      mended: (before) => [`SET GLOBAL max_connections = ${before}`],
    }),
  ],
};

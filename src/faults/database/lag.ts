import { statements } from '../changes/statements.ts';
import { database, replicates } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const lag: Fault = {
  name: 'database-lag',
  part: 'database',
  title: 'The replica applies everything half a minute late',
  difficulty: 2,
  visitor: 'New messages show up half a minute after they were written.',
  felt: true,
  checks: ['servers.write-and-read', 'database.replicates', 'database.replication-lag'],
  alert: { name: 'ReplicationLag', withinSeconds: 30 },
  hints: [
    'Write a message and wait.',
    'Everything arrives, late, and always by the same time.',
    'SQL_Delay of `SHOW REPLICA STATUS` on the replica.',
  ],
  needs: ['database', 'web'],
  fits: replicates,
  changes: (plan) => {
    const delay = (seconds: string): string[] => [
      'STOP REPLICA SQL_THREAD',
      `CHANGE REPLICATION SOURCE TO SOURCE_DELAY = ${seconds}`,
      'START REPLICA',
    ];
    return [
      statements(database(plan, 'replica').name, {
        what: 'replication',
        read: 'SELECT DESIRED_DELAY FROM performance_schema.replication_applier_configuration',
        broken: delay('30'),
        mended: (before) => delay(before),
      }),
    ];
  },
};

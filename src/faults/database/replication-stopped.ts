import { statements } from '../changes/statements.ts';
import { replicationThreads } from '../changes/replication-threads.ts';
import { database, replicates } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const replicationStopped: Fault = {
  name: 'database-replication-stopped',
  part: 'database',
  title: 'The replica no longer fetches what the primary writes',
  difficulty: 1,
  visitor: 'New messages are written, and do not show up.',
  felt: true,
  checks: [
    'servers.write-and-read',
    'database.replication-running',
    'database.replicates',
    'database.replication-lag',
    'database.semisynchronous',
    'monitoring.follows-databases',
  ],
  alert: { name: 'ReplicationStopped', withinSeconds: 20 },
  hints: [
    'Write a message. Who has it?',
    'What the primary has and the replica has not was not fetched, or not applied.',
    '`SHOW REPLICA STATUS` on the replica: Replica_IO_Running.',
  ],
  needs: ['database', 'web'],
  fits: replicates,
  changes: (plan) => [
    statements(database(plan, 'replica').name, {
      what: 'replication',
      read: replicationThreads,
      broken: ['STOP REPLICA IO_THREAD'],
      mended: () => ['START REPLICA'],
    }),
  ],
};

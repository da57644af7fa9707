import { statements } from '../changes/statements.ts';
import { database, replicates } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const replicaWritable: Fault = {
  name: 'database-replica-writable',
  part: 'database',
  title: 'The replica accepts writes',
  difficulty: 2,
  visitor: 'Nothing yet. What is written there is on the replica alone.',
  felt: false,
  checks: ['database.replica-refuses-writes', 'monitoring.follows-databases'],
  alert: { name: 'ReplicaWritable', withinSeconds: 20 },
  hints: [
    'Both databases run, and replication too.',
    'There must be one that takes writes, and one only.',
    '`SELECT @@read_only, @@super_read_only` on the replica.',
  ],
  needs: ['database'],
  fits: replicates,
  changes: (plan) => [
    statements(database(plan, 'replica').name, {
      what: 'read-only',
      read: 'SELECT @@global.read_only, @@global.super_read_only',
      broken: ['SET GLOBAL read_only = OFF'],
      mended: () => ['SET GLOBAL super_read_only = ON'],
    }),
  ],
};

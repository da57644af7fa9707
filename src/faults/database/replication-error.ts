import { statements } from '../changes/statements.ts';
import { replicationThreads } from '../changes/replication-threads.ts';
import { database, replicates } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const replicationError: Fault = {
  name: 'database-replication-error',
  part: 'database',
  title: 'The replica cannot apply what the primary wrote: a table was there already',
  difficulty: 3,
  visitor: 'New messages are written, and do not show up.',
  felt: true,
  checks: [
    'servers.write-and-read',
    'database.replication-running',
    'database.replicates',
    'database.replication-lag',
    'monitoring.follows-databases',
  ],
  alert: { name: 'ReplicationStopped', withinSeconds: 20 },
  hints: [
    'Write a message. Who has it?',
    'The replica fetches everything and applies nothing any more. It says why.',
    'Last_SQL_Error of `SHOW REPLICA STATUS`: somebody made the table on the replica by hand.',
  ],
  needs: ['database', 'web'],
  fits: replicates,
  changes: (plan) => {
    const table = `${plan.lab.database.name}.visitors`;
    const local = (statement: string): string[] => [
      'SET GLOBAL super_read_only = OFF',
      'SET SESSION sql_log_bin = OFF',
      statement,
      'SET GLOBAL super_read_only = ON',
    ];
    return [
      statements(database(plan, 'replica').name, {
        what: 'replication',
        read: replicationThreads,
        broken: local(`CREATE TABLE ${table} (id INT PRIMARY KEY)`),
        mended: () => [...local(`DROP TABLE IF EXISTS ${table}`), 'START REPLICA'],
      }),
      statements(database(plan, 'primary').name, {
        what: 'tables',
        read: `SELECT COUNT(*) FROM information_schema.tables WHERE CONCAT(table_schema, '.', table_name) = '${table}'`,
        broken: [`CREATE TABLE ${table} (id INT PRIMARY KEY)`],
        mended: () => [`DROP TABLE IF EXISTS ${table}`],
      }),
    ];
  },
};

import { databasesOf } from '../../checks/services.ts';
import { statements } from '../changes/statements.ts';
import { database } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const semisynchronousOff: Fault = {
  name: 'database-semisynchronous-off',
  part: 'database',
  title: 'The primary no longer waits for the replica',
  difficulty: 3,
  visitor: 'Nothing, until the primary is lost: then the last messages are lost too.',
  felt: false,
  checks: ['database.semisynchronous'],
  alert: { name: 'SemisynchronousOff', withinSeconds: 20 },
  hints: [
    'Replication runs.',
    'When does the primary say that a write is done?',
    '`SHOW STATUS LIKE "Rpl_semi_sync_source%"` on the primary.',
  ],
  needs: ['database'],
  fits: (plan) => databasesOf(plan, 'replica').length > 0,
  changes: (plan) => [
    statements(database(plan, 'primary').name, {
      what: 'semisynchronous',
      read: 'SELECT @@global.rpl_semi_sync_source_enabled',
      broken: ['SET GLOBAL rpl_semi_sync_source_enabled = OFF'],
      mended: () => ['SET GLOBAL rpl_semi_sync_source_enabled = ON'],
    }),
  ],
};

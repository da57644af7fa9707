import { databasesOf } from '../../checks/services.ts';
import { isGroup } from '../cast.ts';
import { statements } from '../changes/statements.ts';
import type { Change, Fault } from '../fault.ts';

const notPrimary = `(SELECT COUNT(*) = 0 FROM performance_schema.replication_group_members
  WHERE member_id = @@server_uuid AND member_role = 'PRIMARY')`;

export const memberWritable: Fault = {
  name: 'database-member-writable',
  part: 'database',
  title: 'All databases of the group accept writes, not the primary alone',
  difficulty: 2,
  visitor: 'Nothing yet. But two servers may now write to the same row at the same time.',
  felt: false,
  checks: ['database.group-one-writer'],
  alert: { name: 'DatabaseGroupMemberWritable', withinSeconds: 25 },
  hints: [
    'The group is whole, and agrees who its primary is.',
    'Does anything keep the others from being written to?',
    '`SELECT @@super_read_only` on each: only the primary may say 0.',
  ],
  needs: ['database'],
  fits: isGroup,
  changes: (plan) => [writableMembers(databasesOf(plan, 'member').map(({ name }) => name))],
};

/** One change of all of them: whoever is the primary takes writes anyway. */
function writableMembers(members: readonly string[]): Change {
  const changes = members.map((name) =>
    statements(name, {
      what: 'read-only',
      read: `SELECT IF(${notPrimary}, CONCAT(@@global.read_only, @@global.super_read_only), 'primary')`,
      broken: ['SET GLOBAL super_read_only = OFF', 'SET GLOBAL read_only = OFF'],
      mended: () => [`SET GLOBAL super_read_only = ${notPrimary}`],
    }),
  );
  return {
    touches: changes[0]?.touches ?? '',
    read: async (lab) => (await Promise.all(changes.map((change) => change.read(lab)))).sort().join(' '),
    apply: async (lab, before) => void (await Promise.all(changes.map((change) => change.apply(lab, before)))),
    restore: async (lab, before) => void (await Promise.all(changes.map((change) => change.restore(lab, before)))),
  };
}

import { handedOver } from '../changes/hand-over.ts';
import { isGroup, lastMember } from '../cast.ts';
import { processState } from '../changes/process.ts';
import { statements } from '../changes/statements.ts';
import type { Fault } from '../fault.ts';

export const memberLeft: Fault = {
  name: 'database-member-left',
  part: 'database',
  title: 'One database has left its group, and nothing brings it back',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['database.group-whole'],
  alert: { name: 'DatabaseGroupMemberLost', withinSeconds: 25 },
  hints: [
    'All databases run.',
    'Ask each of them who is in the group.',
    '`replication_group_members` on the last of them: OFFLINE. Who should have brought it back?',
  ],
  needs: ['database', 'web'],
  fits: isGroup,
  changes: (plan) => {
    const { name } = lastMember(plan);
    return [
      handedOver(name, processState(name, 'group', 'stopped')),
      statements(name, {
        what: 'membership',
        read: "SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE member_id = @@server_uuid AND member_state <> 'OFFLINE'",
        broken: ['STOP GROUP_REPLICATION'],
        mended: () => ['START GROUP_REPLICATION'],
      }),
    ];
  },
};

import { containerState } from '../changes/container.ts';
import { handedOver } from '../changes/hand-over.ts';
import { isGroup, lastMember } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const memberGone: Fault = {
  name: 'database-member-gone',
  part: 'database',
  title: 'One database of the group is gone',
  difficulty: 1,
  visitor: 'Nothing.',
  felt: false,
  checks: ['database.group-whole', 'monitoring.targets-up'],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: [
    'The site reads and writes. For how much longer?',
    'How many databases may still be lost before nobody can write?',
    '`lab status`: one of the databases does not run.',
  ],
  needs: ['database', 'web'],
  fits: isGroup,
  changes: (plan) => {
    const { name } = lastMember(plan);
    return [handedOver(name, containerState(name, 'killed'))];
  },
};

import { databasesOf } from '../../checks/services.ts';
import { whoWrites } from './who-writes.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';

/** The same change, made once another member of the group takes the writes: then nobody waits for a new primary. */
export function handedOver(member: string, change: Change): Change {
  return {
    ...change,
    apply: async (lab, before) => {
      await handOver(lab, member);
      await change.apply(lab, before);
    },
  };
}

async function handOver(lab: RunningLab, member: string): Promise<void> {
  if ((await whoWrites(lab)) !== member) return;
  const other = databasesOf(lab.plan, 'member').find(({ name }) => name !== member)?.name ?? member;
  await lab.run(other, ['mysql', '-e', 'SELECT group_replication_set_as_primary(@@server_uuid)']);
}

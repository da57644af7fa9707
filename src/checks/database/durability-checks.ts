import type { Plan } from '../../plan/types.ts';
import type { Check } from '../check.ts';
import { databasesOf } from '../services.ts';
import { durable } from './safety.ts';

/** What a database that acknowledges a commit promises of it, whoever else has it. */
export function durabilityChecks(plan: Plan): Check[] {
  const [primary] = databasesOf(plan, 'primary');
  if (primary === undefined) return [];
  const where = databasesOf(plan, 'replica').length > 0 ? 'on both: ' : '';
  return [
    {
      id: 'database.durable',
      title: 'An acknowledged commit survives a crash',
      requirement: 'database',
      points: 1,
      expected: `${where}redo and binary log flushed at every commit, doublewrite on, GTIDs enforced, rows logged`,
      reproduce: `./lab shell ${primary.name} --project ${plan.settings.project} -- mysql -E -e "SHOW VARIABLES WHERE Variable_name IN ('sync_binlog', 'innodb_flush_log_at_trx_commit')"`,
      hint: 'With sync_binlog = 0 or innodb_flush_log_at_trx_commit = 2 a commit may be lost with the machine, and the replica may have more than the primary.',
      dependsOn: ['database.reachable'],
      run: durable,
    },
  ];
}

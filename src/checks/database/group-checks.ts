import type { Plan } from '../../plan/types.ts';
import { verdict, type Check, type CheckContext, type Observation } from '../check.ts';
import { databasesOf, listed, servicesOf } from '../services.ts';
import { rowsAsRoot, statementsAsRoot } from './as-root.ts';
import { followWrite } from './followed-write.ts';
import { longestWithoutWritesMs, losePrimary } from './lost-primary.ts';
import { rolesNow } from './roles.ts';
import { membersRefuseWrites } from './safety.ts';

/** What a group of databases promises: one takes writes, all have them, and another takes over. */
export function groupChecks(plan: Plan): Check[] {
  const members = databasesOf(plan, 'member').map(({ name }) => name);
  const [first] = members;
  if (first === undefined) return [];
  const { project } = plan.settings;
  const mysql = (statement: string): string => `./lab shell ${first} --project ${project} -- mysql -e "${statement}"`;
  const group = mysql(
    'SELECT member_host, member_state, member_role FROM performance_schema.replication_group_members',
  );
  const requirement = 'database' as const;
  return [
    {
      id: 'database.group-whole',
      title: 'All databases are in the group, and agree who is its primary',
      requirement,
      points: 2,
      expected: `${listed(members)} ONLINE, one of them PRIMARY, and each of them says so`,
      reproduce: group,
      hint: 'UNREACHABLE: the others do not hear it. RECOVERING: it fetches what it lacks. One that is missing has left, or was put out; its own log says why.',
      retry: { deadlineMs: 6000 },
      run: groupWhole,
    },
    {
      id: 'database.group-replicates',
      title: 'A row written through the site is on every member',
      requirement,
      points: 3,
      expected: 'the row, and every transaction of the primary by its GTID, on each of the others',
      reproduce: mysql('SELECT @@gtid_executed'),
      hint: 'A commit is acknowledged when a majority has it. One that stays behind is still applying: look at its queue in replication_group_member_stats.',
      dependsOn: ['balancing.site-answers', 'database.group-whole'],
      retry: { deadlineMs: 3000 },
      run: groupReplicates,
    },
    {
      id: 'database.group-one-writer',
      title: 'Only the primary takes writes',
      requirement,
      points: 2,
      expected: 'super_read_only on every other member, and a real INSERT refused with error 1290',
      reproduce: mysql('SELECT @@super_read_only'),
      hint: 'In single-primary mode the group sets super_read_only. Whoever unsets it makes a member that the others will throw out.',
      dependsOn: ['database.group-whole', 'database.reachable'],
      run: membersRefuseWrites,
    },
    ...lostPrimaryCheck(plan),
  ];
}

/** Whether writes go on without the primary; it can be asked of every lab with a site and a database. */
export function lostPrimaryCheck(plan: Plan): Check[] {
  const primary = [...databasesOf(plan, 'member'), ...databasesOf(plan, 'primary')][0]?.name;
  if (primary === undefined || servicesOf(plan, 'web').length === 0) return [];
  const { project } = plan.settings;
  return [
    {
      id: 'database.survives-lost-primary',
      title: 'Writes go on when the primary is killed',
      requirement: 'database',
      points: 5,
      expected: `the first write within ${longestWithoutWritesMs / 1000} s, no acknowledged write lost, and the old primary back as a member`,
      reproduce: `docker kill ${project}-${primary}-1; ./lab status --project ${project}`,
      hint: 'A member is suspected after 5 s of silence and put out after group_replication_member_expel_timeout more; then the others choose, and the balancers beside the servers notice.',
      // A group in which something is wrong is not put to the test: what was set by hand would be gone with the primary.
      dependsOn: [
        'balancing.site-answers',
        'servers.write-and-read',
        'database.group-whole',
        'database.group-one-writer',
        'database.requires-tls',
        'database.accounts-as-declared',
      ],
      disturbs: ['web', 'database'],
      timeoutMs: 200_000,
      run: losePrimary,
    },
  ];
}

const membership =
  'SELECT member_host, member_state, member_role FROM performance_schema.replication_group_members ORDER BY member_host';

async function groupWhole(context: CheckContext): Promise<Observation> {
  const members = databasesOf(context.plan, 'member').map(({ name }) => name);
  const seen = await Promise.all(
    members.map(async (name) => {
      const [outcome] = await statementsAsRoot(context, name, [membership]);
      const rows = rowsAsRoot(outcome);
      return {
        name,
        rows: rows.map(
          (row) =>
            `${row['MEMBER_HOST'] ?? row['member_host'] ?? ''} ${row['MEMBER_STATE'] ?? row['member_state'] ?? ''} ${row['MEMBER_ROLE'] ?? row['member_role'] ?? ''}`,
        ),
      };
    }),
  );
  const [first] = seen;
  const words = seen.map(({ name, rows }) => `${name} sees ${rows.join(', ') || 'nobody'}`);
  const agreed = seen.every(({ rows }) => rows.join() === first?.rows.join());
  const online = first?.rows.filter((row) => row.includes(' ONLINE ')).length ?? 0;
  const primaries = first?.rows.filter((row) => row.endsWith(' PRIMARY')).length ?? 0;
  const good = agreed && online === members.length && primaries === 1;
  return verdict(good, good ? `${(first?.rows ?? []).join(', ')}; all agree` : words.join('; '));
}

async function groupReplicates(context: CheckContext): Promise<Observation> {
  const { primary } = await rolesNow(context);
  const others = databasesOf(context.plan, 'member').filter(({ name }) => name !== primary.name);
  const writes = await Promise.all(
    others.map(async ({ name }) => ({ name, write: await followWrite(context, primary.name, name) })),
  );
  const missing = writes.filter(({ write }) => !write.onReplica || write.missing !== '');
  return verdict(
    missing.length === 0,
    missing.length === 0
      ? `${writes.map(({ name, write }) => `row ${write.id} is on ${name}`).join(', ')}`
      : missing.map(({ name, write }) => `row ${write.id} is not on ${name} ${write.missing}`.trim()).join('; '),
  );
}

import type { Plan } from '../../plan/types.ts';
import { verdict, type Check, type CheckContext, type Observation } from '../check.ts';
import { databasesOf } from '../services.ts';
import { curlSite } from '../site.ts';
import { cast } from './attempts.ts';
import { databaseFacts } from './facts.ts';
import { followWrite } from './followed-write.ts';
import { refusesWrites } from './safety.ts';

const longestLagMs = 1000;

/** What the primary and its replica promise about each other. */
export function replicationChecks(plan: Plan): Check[] {
  const [primary] = databasesOf(plan, 'primary');
  const [replica] = databasesOf(plan, 'replica');
  if (primary === undefined || replica === undefined) return [];
  const { project } = plan.settings;
  const mysql = (service: string, statement: string): string =>
    `./lab shell ${service} --project ${project} -- mysql -E -e "${statement}"`;
  const requirement = 'database' as const;
  const semisynchronous: Check = {
    id: 'database.semisynchronous',
    title: 'An acknowledged commit is on both databases',
    requirement,
    points: 2,
    expected: 'semisynchronous replication on at both sides, with a replica connected, and a write acknowledged by it',
    reproduce: mysql(primary.name, "SHOW STATUS LIKE 'Rpl_semi_sync%'"),
    hint: 'The primary stops waiting when no replica acknowledges within rpl_semi_sync_source_timeout: Rpl_semi_sync_source_status says OFF until one has caught up.',
    dependsOn: ['balancing.site-answers'],
    retry: { deadlineMs: 4000 },
    run: (context) => semisynchronousBoth(context),
  };
  return [
    {
      id: 'database.replication-running',
      title: 'The replica follows the primary, over TLS and by GTID',
      requirement,
      points: 2,
      expected: `both threads running, source ${primary.name}, TLS with a verified certificate, automatic positioning`,
      reproduce: mysql(replica.name, 'SHOW REPLICA STATUS'),
      hint: 'Last_IO_Error is about reaching and logging in to the primary, Last_SQL_Error about applying what came from it.',
      retry: { deadlineMs: 3000 },
      run: (context) => running(context),
    },
    {
      id: 'database.replicates',
      title: 'A row written through the site is on the replica',
      requirement,
      points: 3,
      expected: 'the row, and every transaction of the primary by its GTID, found on the replica itself',
      reproduce: `${curlSite(plan, '/api/messages', `-H 'content-type: application/json' -d '{"body":"hello"}' `)}; ${mysql(replica.name, `SELECT * FROM ${plan.lab.database.name}.messages ORDER BY id DESC LIMIT 1`)}`,
      hint: 'Compare @@gtid_executed of both: what the replica lacks has not come or has not been applied; what it has of its own UUID was written to it.',
      dependsOn: ['balancing.site-answers'],
      retry: { deadlineMs: 3000 },
      run: (context) => replicates(context),
    },
    {
      id: 'database.replication-lag',
      title: 'The replica lags less than a second behind',
      requirement,
      points: 1,
      expected: `a new row can be read through the replica within ${longestLagMs} ms of its acknowledgement`,
      reproduce: mysql(replica.name, 'SHOW REPLICA STATUS') + ' | grep Seconds_Behind_Source',
      hint: 'A visitor who has just written wants to see it. Long transactions, a delay that was set, or too few workers make a replica lag.',
      dependsOn: ['balancing.site-answers'],
      run: (context) => lag(context),
    },
    ...(plan.lab.database.semisynchronous ? [semisynchronous] : []),
    {
      id: 'database.replica-refuses-writes',
      title: 'The replica refuses writes',
      requirement,
      points: 2,
      expected: 'super_read_only on, and a real INSERT refused with error 1290',
      reproduce: mysql(replica.name, `INSERT INTO ${plan.lab.database.name}.messages (body, server) VALUES ('x', 'x')`),
      hint: 'What is written to a replica alone is on no other server and stops replication later. read_only lets administrators through, super_read_only nobody.',
      dependsOn: ['database.reachable'],
      run: (context) => refusesWrites(context),
    },
  ];
}

async function running(context: CheckContext): Promise<Observation> {
  const { primary, replica } = await cast(context);
  const { replication: row } = await databaseFacts(context, replica.name, 100);
  if (row === undefined) return verdict(false, `${replica.name} follows nobody`);
  const wanted = {
    Source_Host: primary.name,
    Replica_IO_Running: 'Yes',
    Replica_SQL_Running: 'Yes',
    Source_SSL_Allowed: 'Yes',
    Source_SSL_Verify_Server_Cert: 'Yes',
    Auto_Position: '1',
  };
  const wrong = Object.entries(wanted).flatMap(([name, value]) =>
    row[name] === value ? [] : [`${name}: ${row[name] ?? ''}`],
  );
  const errors = [row['Last_IO_Error'], row['Last_SQL_Error']].filter((error) => error !== undefined && error !== '');
  const good = `${replica.name} follows ${primary.name}: both threads run, TLS verified, automatic positioning`;
  return verdict(wrong.length === 0, wrong.length === 0 ? good : [...wrong, ...errors].join('; '));
}

async function replicates(context: CheckContext): Promise<Observation> {
  const { primary, replica } = await cast(context);
  const write = await followWrite(context, primary.name, replica.name);
  const { gtidExecuted, variables } = await databaseFacts(context, replica.name, 100);
  const own = variables['server_uuid'] ?? '';
  if (!write.onReplica || write.missing !== '') {
    const missing = write.missing === '' ? '' : `; transactions ${write.missing} are not applied`;
    return verdict(false, `row ${write.id} is ${write.onReplica ? '' : 'not '}on ${replica.name}${missing}`);
  }
  if (gtidExecuted.includes(own)) return verdict(false, `${replica.name} has transactions of its own: ${gtidExecuted}`);
  return verdict(true, `row ${write.id} is on ${replica.name}, with ${write.gtids}`);
}

async function lag(context: CheckContext): Promise<Observation> {
  const { primary, replica } = await cast(context);
  for (let tries = 1; ; tries += 1) {
    const { readAfterMs, id } = await followWrite(context, primary.name, replica.name, tries === 1 ? 100 : 0);
    const short = readAfterMs !== null && readAfterMs < longestLagMs;
    const seen =
      readAfterMs === null
        ? 'could not be read through the replica within 2.5 s'
        : `was read through the replica ${readAfterMs} ms after its acknowledgement`;
    // What a busy machine did to one row is no lag; a replica that lags does so every time.
    if (short || tries === 3) return verdict(short, `row ${id} ${seen}`);
  }
}

async function semisynchronousBoth(context: CheckContext): Promise<Observation> {
  const { primary, replica } = await cast(context);
  const write = await followWrite(context, primary.name, replica.name);
  const [source, follower] = await Promise.all([
    databaseFacts(context, primary.name, 1000),
    databaseFacts(context, replica.name, 1000),
  ]);
  const source_ = {
    status: source.status['rpl_semi_sync_source_status'],
    clients: Number(source.status['rpl_semi_sync_source_clients'] ?? 0),
  };
  const replica_ = follower.status['rpl_semi_sync_replica_status'];
  const { acknowledged, alone } = write.semisynchronous;
  const good = source_.status === 'ON' && source_.clients > 0 && replica_ === 'ON' && acknowledged > 0 && alone === 0;
  return verdict(
    good,
    `${primary.name} ${source_.status ?? 'without the plugin'} with ${source_.clients} connected, ${replica.name} ${replica_ ?? 'without the plugin'}; ${acknowledged} commits acknowledged by the replica, ${alone} without it`,
  );
}

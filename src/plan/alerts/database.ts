import type { ServiceOf } from '../../lab/schema.ts';
import { databasesWithRole } from '../services/database.ts';
import type { AlertRule, RuleInput } from './rule.ts';

/** MySQL: running, replicating, and open to nobody who is not declared. */
export function database(input: RuleInput): AlertRule[] {
  const names = (role: ServiceOf<'database'>['role']): string[] => databasesWithRole(input.lab, role);
  const members = names('member');
  if (names('primary').length + members.length === 0) return [];
  const of = (role: 'primary' | 'replica'): string => `instance=~"${names(role).join('|')}"`;
  const replicates = names('replica').length > 0;
  return [
    ...every,
    ...(replicates ? replica(of('replica')) : []),
    ...(replicates && input.lab.database.semisynchronous ? semisynchronous(of('primary')) : []),
    ...(members.length > 0 ? group : []),
  ];
}

const every: AlertRule[] = [
  {
    alert: 'DatabaseDown',
    expr: 'mysql_up == 0',
    forSeconds: 2,
    severity: 'critical',
    summary: 'MySQL does not answer on {{ $labels.instance }}',
    description: 'Its monitoring client runs, and cannot log in over the socket.',
  },
  {
    alert: 'ConnectionsNearLimit',
    expr: 'mysql_connections_used_ratio > 0.8',
    forSeconds: 2,
    severity: 'warning',
    summary: '{{ $labels.instance }} has used {{ $value | humanizePercentage }} of its connections',
    description: 'Beyond max_connections, or the account’s own MAX_USER_CONNECTIONS, whoever comes is turned away.',
  },
  {
    alert: 'ConnectionsNearLimit',
    expr: 'increase(mysql_global_status_connection_errors_total{error="max_connections"}[30s]) > 0',
    forSeconds: 0,
    severity: 'warning',
    summary: '{{ $labels.instance }} has turned clients away: too many connections',
    description: 'max_connections was reached within the last 30 seconds.',
  },
  {
    alert: 'TlsNotRequired',
    expr: 'mysql_tls_required == 0',
    forSeconds: 0,
    severity: 'critical',
    summary: '{{ $labels.instance }} lets clients in without TLS',
    description: 'require_secure_transport is off: passwords and rows may pass the network in the clear.',
  },
  {
    alert: 'UnexpectedAccount',
    expr: 'mysql_accounts_unexpected > 0',
    forSeconds: 0,
    severity: 'critical',
    summary: '{{ $value }} accounts or rights on {{ $labels.instance }} that nobody declared',
    description: 'Somebody has made an account, changed one, or given one more than its use needs.',
  },
  {
    alert: 'LoginFailures',
    // Without the performance schema MySQL has no count of wrong passwords alone: this one has visitors who open the port and say
    // nothing as well, which nobody here should do either.
    expr: 'increase(mysql_global_status_aborted_connects[30s]) > 4',
    forSeconds: 0,
    severity: 'warning',
    summary: '{{ $value | humanize }} log-ins to {{ $labels.instance }} failed within 30 seconds',
    description: 'Somebody guesses passwords, or a client has an old one.',
  },
];

const replica = (selector: string): AlertRule[] => [
  {
    alert: 'ReplicationStopped',
    expr: `mysql_slave_status_replica_io_running{${selector}} == 0 or mysql_slave_status_replica_sql_running{${selector}} == 0`,
    forSeconds: 4,
    severity: 'critical',
    summary: '{{ $labels.instance }} does not follow its primary',
    description: 'The receiver (IO) or the applier (SQL) is stopped or in error; SHOW REPLICA STATUS says why.',
  },
  {
    alert: 'ReplicationLag',
    expr: `mysql_replication_lag_seconds{${selector}} > 2`,
    forSeconds: 2,
    severity: 'warning',
    summary: '{{ $labels.instance }} is {{ $value | humanizeDuration }} behind its primary',
    description: 'Transactions have come and are not applied: visitors read what is old.',
  },
  {
    alert: 'ReplicaWritable',
    expr: `mysql_global_variables_super_read_only{${selector}} == 0 or mysql_global_variables_read_only{${selector}} == 0`,
    forSeconds: 0,
    severity: 'critical',
    summary: '{{ $labels.instance }} takes writes of its own',
    description:
      'read_only or super_read_only is off: what is written there is nowhere else, and replication will stumble over it.',
  },
];

const semisynchronous = (selector: string): AlertRule[] => [
  {
    alert: 'SemisynchronousOff',
    expr: `mysql_global_status_rpl_semi_sync_source_status{${selector}} == 0 or mysql_global_status_rpl_semi_sync_source_clients{${selector}} == 0 or mysql_global_variables_rpl_semi_sync_source_enabled{${selector}} == 0`,
    forSeconds: 6,
    severity: 'warning',
    summary: '{{ $labels.instance }} acknowledges writes that are on one server alone',
    description: 'No replica confirms commits: what is written now is lost if the primary is.',
  },
];

const group: AlertRule[] = [
  {
    alert: 'DatabaseGroupMemberLost',
    expr: 'mysql_group_member_online == 0',
    forSeconds: 2,
    severity: 'warning',
    summary: '{{ $labels.instance }} is not in its group of databases',
    description: 'It has left, was put out, or is cut off. The others go on while they are a majority.',
  },
  {
    alert: 'DatabaseGroupWithoutPrimary',
    expr: 'sum(mysql_group_primary) == 0',
    forSeconds: 8,
    severity: 'critical',
    summary: 'No database takes writes',
    description: 'The group has no majority, or cannot choose: visitors cannot write.',
  },
  {
    alert: 'DatabaseGroupSplit',
    expr: 'sum(mysql_group_primary) > 1',
    forSeconds: 8,
    severity: 'critical',
    summary: '{{ $value }} databases take writes at the same time',
    description: 'What is written to one is not in the other: stop one of them before anything else.',
  },
  {
    alert: 'DatabaseGroupMemberWritable',
    expr: 'mysql_group_writable_secondary == 1',
    forSeconds: 2,
    severity: 'critical',
    summary: '{{ $labels.instance }} takes writes, and is not the primary',
    description: 'super_read_only is off on a member that is not the primary: somebody has set it by hand.',
  },
];

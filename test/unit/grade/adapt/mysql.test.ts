import { describe, expect, it } from 'vitest';
import { mysqlAddress } from '../../../../src/grade/adapt/mysql-address.ts';
import { mysqlNewer } from '../../../../src/grade/adapt/mysql-newer.ts';
import { mysqlPaths } from '../../../../src/grade/adapt/mysql-paths.ts';
import { after, notes, untouched } from './surroundings.ts';

const server = (...lines: string[]): string => ['[mysqld]', ...lines, ''].join('\n');

describe('paths of another MySQL', () => {
  it.each([
    ['log_bin = /srv/logs/changes.log', 'log_bin = /var/lib/mysql/changes.log'],
    ['log-bin=/srv/logs/changes # here', 'log-bin=/var/lib/mysql/changes # here'],
    ['relay-log   =  "/srv/logs/relay"', 'relay-log   =  "/var/lib/mysql/relay"'],
    ['slow_query_log_file=/srv/slow.log', 'slow_query_log_file=/var/lib/mysql/slow.log'],
    ['datadir=/data/db', 'datadir=/var/lib/mysql'],
    ['socket=/tmp/mysql.sock', 'socket=/run/mysqld/mysqld.sock'],
    ['pid-file = /srv/x.pid', 'pid-file = /run/mysqld/mysqld.pid'],
    ['basedir = /opt/mysql', 'basedir = /usr'],
    ['secure-file-priv = ""', 'secure-file-priv = ""'],
    ['secure-file-priv = /srv/out', 'secure-file-priv = NULL'],
    ['log-error = /srv/logs/error.log', ''],
    ['ssl-ca = /srv/ca.pem', ''],
    ['!includedir /srv/conf.d/', ''],
    ['! include /srv/more.cnf', ''],
  ])('%s', (theirs, ours) => {
    expect(after(mysqlPaths, server(theirs))).toBe(server(ours));
    expect(notes(mysqlPaths, server(theirs))).toHaveLength(theirs === ours ? 0 : 1);
  });

  it.each([
    server(
      'user = mysql',
      'port = 3306',
      'tmpdir = /tmp',
      'datadir = /var/lib/mysql',
      'lc-messages-dir = /usr/share/mysql',
    ),
    server('socket = /var/run/mysqld/mysqld.sock', 'pid-file = /var/run/mysqld/mysqld.pid'),
    server('log_bin = changes', 'log_bin', 'relay_log =', '# log_bin = /srv/x', 'log_error'),
    server('log_bin = /var/lib/mysql/changes.log'),
    '[ mysqld ]\nlog_bin = /srv/x\n',
    'log_bin = /srv/x\n',
    '[client]\nsocket = /srv/x.sock\n[mysqld_safe]\nlog_error = /srv/x\n',
    'sudo nano /etc/my.cnf\n',
  ])('nothing else: %j', (text) => {
    expect(untouched(mysqlPaths, text)).toBe(true);
  });

  it('lines keep their Windows ends and their numbers', () => {
    expect(mysqlPaths('[mysqld]\r\n\r\nlog_bin = /srv/x\r\n', { certificate: '', servers: [], domain: '' })).toEqual({
      text: '[mysqld]\r\n\r\nlog_bin = /var/lib/mysql/x\r\n',
      notes: ['line 3: log_bin /srv/x: /var/lib/mysql/x, the data folder'],
    });
  });
});

describe('options of MySQL 8.0', () => {
  it.each([
    ['expire_logs_days = 3', 'binlog_expire_logs_seconds = 259200'],
    ['skip-host-cache', 'host_cache_size = 0'],
    ['character-set-server = utf8', 'character-set-server = utf8mb3'],
    ['collation_server=utf8_bin', 'collation_server=utf8mb3_bin'],
    ['rpl_semi_sync_master_enabled = 1', 'rpl_semi_sync_source_enabled = 1'],
    [
      'plugin-load = "rpl_semi_sync_master=semisync_master.so"',
      'plugin-load = "rpl_semi_sync_source=semisync_source.so"',
    ],
    ['master-info-repository = TABLE', ''],
    ['default_authentication_plugin = mysql_native_password', ''],
  ])('%s', (theirs, ours) => {
    expect(after(mysqlNewer, server(theirs))).toBe(server(ours));
    expect(notes(mysqlNewer, server(theirs))[0]).toMatch(/^line 2: /);
  });

  it.each([
    'query_cache_size = 16M',
    'query_cache_limit = 1M',
    'innodb_file_format = Barracuda',
    'sql_mode = NO_AUTO_CREATE_USER',
    'character-set-server = utf8mb4',
    'binlog_do_db = shop',
    'log_slave_updates = 1',
    'expire_logs_days = ten',
    'server-id = 1',
  ])('what 8.0 refused, and what 9.7 takes, stays: %s', (option) => {
    expect(untouched(mysqlNewer, server(option))).toBe(true);
  });
});

describe('addresses that MySQL listens at', () => {
  it('of another machine become any', () => {
    expect(after(mysqlAddress, server('bind-address = 203.0.113.5'))).toBe(server('bind-address = 0.0.0.0'));
    expect(notes(mysqlAddress, server('bind-address = 203.0.113.5'))).toHaveLength(1);
  });

  it.each(['127.0.0.1', '0.0.0.0', '::', '*', 'your_address', 'localhost', ''])('stay: %s', (address) => {
    expect(untouched(mysqlAddress, server(`bind-address = ${address}`))).toBe(true);
  });
});

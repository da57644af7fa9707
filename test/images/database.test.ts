import Docker from 'dockerode';
import type { Connection, ConnectionOptions } from 'mysql2/promise';
import { createConnection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { KeyPair } from '../../src/project/pki.ts';
import { makeAuthority } from '../../src/project/pki.ts';
import { imageFor } from '../support/images.ts';
import type { TestNetwork } from './database/network.ts';
import { createNetwork } from './database/network.ts';
import { passwords, Server } from './database/server.ts';
import { processFacts } from './process-facts.ts';

const docker = new Docker();
let image: string;
let network: TestNetwork;
let authority: KeyPair;
let primary: Server;
let replica: Server;

beforeAll(async () => {
  [image, network, authority] = await Promise.all([
    imageFor('database'),
    createNetwork(docker),
    makeAuthority('test CA', new Date()),
  ]);
  primary = await Server.prepare(docker, network, 'primary', authority);
  replica = await Server.prepare(docker, network, 'replica', authority);
  // The replica first: the order must not matter.
  await Promise.all([replica.start(image), primary.start(image)]);
});

afterAll(async () => {
  await Promise.all([primary?.discard(), replica?.discard()]);
  await docker.getNetwork(network.name).remove();
});

const eventually = { timeout: 30_000, interval: 100 };

async function connect(server: Server, options: ConnectionOptions = {}): Promise<Connection> {
  const { password = passwords['mysql-app'], ...rest } = options;
  const ssl = { ca: authority.certificate };
  return createConnection({
    host: await server.address(),
    user: 'app',
    password,
    database: 'foobar',
    ssl,
    connectTimeout: 5000,
    ...rest,
  });
}

async function asApp<T>(
  server: Server,
  use: (connection: Connection) => Promise<T>,
  options?: ConnectionOptions,
): Promise<T> {
  const connection = await connect(server, options);
  try {
    return await use(connection);
  } finally {
    connection.destroy();
  }
}

/** Writes a message through the application's account. */
function post(body: string): Promise<void> {
  return asApp(
    primary,
    async (app) => void (await app.query('INSERT INTO messages (body, server) VALUES (?, ?)', [body, 'test'])),
  );
}

function count(server: Server, body: string): Promise<string> {
  return server.sql(`SELECT COUNT(*) FROM foobar.messages WHERE body = '${body}'`);
}

async function replicated(body: string): Promise<void> {
  await post(body);
  await vi.waitFor(async () => expect(await count(replica, body)).toBe('1'), eventually);
}

async function bothHealthy(): Promise<void> {
  for (const server of [primary, replica])
    await vi.waitFor(async () => expect(await server.healthy()).toBe(true), eventually);
}

describe('the container', () => {
  test('runs everything as 10030, without a capability, on a read-only root', async () => {
    const { output } = await primary.run(['sh', '-c', processFacts('Uid|CapEff|CapBnd|NoNewPrivs')]);
    expect(
      output
        .trim()
        .split('\n')
        .map((line) => line.replaceAll('\t', ' ')),
    ).toEqual([
      'CapBnd: 0000000000000000',
      'CapEff: 0000000000000000',
      'NoNewPrivs: 1',
      'Uid: 10030 10030 10030 10030',
    ]);
    expect((await primary.run(['touch', '/usr/local/x'])).output).toContain('Read-only file system');
  });

  test('keeps passwords out of the environment, command lines and logs', async () => {
    const { output } = await primary.run(['sh', '-c', 'cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline']);
    const logs = (await primary.engine.logs({ stdout: true, stderr: true })).toString();
    for (const password of Object.values(passwords)) {
      expect(output).not.toContain(password);
      expect(logs).not.toContain(password);
    }
    expect((await primary.run(['stat', '-c', '%a', '/run/mysqld-exporter.cnf'])).output.trim()).toBe('600');
  });

  test.each([['primary'], ['replica']])('the monitoring client of the %s sees MySQL', async (role) => {
    const server = role === 'primary' ? primary : replica;
    await vi.waitFor(async () => {
      const metrics = await (await fetch(`http://${await server.address()}:9104/metrics`)).text();
      expect(metrics).toMatch(/^mysql_up 1$/m);
      expect(metrics).not.toMatch(/^mysql_exporter_collector_success\{.*\} 0$/m);
      if (role === 'replica') expect(metrics).toMatch(/^mysql_slave_status_seconds_behind_source\{.*\} 0$/m);
    }, eventually);
  });

  test('the figures tell accounts and rights that nobody declared, TLS that is not asked for, and lag', async () => {
    const figure = async (server: Server, name: string): Promise<number> => {
      const { output } = await server.run(['cat', '/run/textfile/database.prom']);
      return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(output)?.[1]);
    };
    const becomes = (server: Server, name: string, value: number): Promise<void> =>
      vi.waitFor(async () => expect(await figure(server, name)).toBe(value), eventually);
    await becomes(primary, 'mysql_accounts_unexpected', 0);
    await becomes(replica, 'mysql_accounts_unexpected', 0);
    await becomes(primary, 'mysql_tls_required', 1);
    await becomes(replica, 'mysql_replication_lag_seconds', 0);
    await primary.sql("CREATE USER eve@'%' IDENTIFIED BY 'eve-1'");
    await primary.sql(`GRANT SELECT ON mysql.* TO app@'${network.hostSide}'`);
    await primary.sql('SET GLOBAL require_secure_transport = OFF');
    try {
      await becomes(primary, 'mysql_accounts_unexpected', 2);
      await becomes(replica, 'mysql_accounts_unexpected', 2);
      await becomes(primary, 'mysql_tls_required', 0);
    } finally {
      await primary.sql('SET GLOBAL require_secure_transport = ON');
      await primary.sql(`REVOKE SELECT ON mysql.* FROM app@'${network.hostSide}'`);
      await primary.sql('DROP USER eve');
    }
    await replica.sql(
      'STOP REPLICA SQL_THREAD; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 60; START REPLICA SQL_THREAD',
    );
    try {
      await post('late');
      // The oldest counts, not the last one that came.
      await vi.waitFor(async () => {
        await post('later');
        expect(await figure(replica, 'mysql_replication_lag_seconds')).toBeGreaterThan(8);
      }, eventually);
    } finally {
      await replica.sql(
        'STOP REPLICA SQL_THREAD; CHANGE REPLICATION SOURCE TO SOURCE_DELAY = 0; START REPLICA SQL_THREAD',
      );
    }
    await becomes(replica, 'mysql_replication_lag_seconds', 0);
    await becomes(primary, 'mysql_accounts_unexpected', 0);
  }, 90_000);

  test('MySQL has Group Replication at hand', async () => {
    expect((await primary.run(['ls', '/usr/lib/mysql/plugin/group_replication.so'])).exitCode).toBe(0);
  });
});

describe('TLS', () => {
  test('a client without TLS is refused, even where its account does not ask for it', async () => {
    const password = 'lax-1';
    await primary.sql(`CREATE USER lax@'${network.hostSide}' IDENTIFIED BY '${password}'`);
    // The first connection leaves the password's hash in the server's cache: without it the second fails for want of TLS anyway.
    await asApp(primary, (lax) => lax.query('SELECT 1'), { user: 'lax', password, database: '' });
    // Without the property `ssl`, mysql2 speaks plain text.
    const host = await primary.address();
    await expect(createConnection({ host, user: 'lax', password })).rejects.toMatchObject({ errno: 3159 });
    await expect(createConnection({ host, user: 'app', password: passwords['mysql-app'] })).rejects.toMatchObject({
      errno: 1045,
    });
    await primary.sql(`DROP USER lax@'${network.hostSide}'`);
  });

  test.each(['TLSv1', 'TLSv1.1'] as const)('%s is refused', async (version) => {
    const ssl = { ca: authority.certificate, minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
    await expect(connect(primary, { ssl })).rejects.toThrow(/alert protocol version/);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('%s is spoken', async (version) => {
    const ssl = { ca: authority.certificate, minVersion: version, maxVersion: version };
    const [rows] = await asApp(primary, (app) => app.query("SHOW STATUS LIKE 'Ssl_version'"), { ssl });
    expect(rows).toEqual([{ Variable_name: 'Ssl_version', Value: version }]);
  });

  test('the certificate is the one of the lab', async () => {
    const stranger = await makeAuthority('stranger', new Date());
    await expect(connect(primary, { ssl: { ca: stranger.certificate } })).rejects.toThrow(/certificate/);
  });
});

describe('accounts', () => {
  test('are these and no others', async () => {
    expect(
      (await primary.sql(`SELECT user, host, plugin, ssl_type, account_locked FROM mysql.user ORDER BY user`)).split(
        '\n',
      ),
    ).toEqual([
      `app\t${network.hostSide}\tcaching_sha2_password\tANY\tN`,
      'exporter\tlocalhost\tcaching_sha2_password\t\tN',
      'mysql.infoschema\tlocalhost\tcaching_sha2_password\t\tY',
      'mysql.session\tlocalhost\tcaching_sha2_password\t\tY',
      'mysql.sys\tlocalhost\tcaching_sha2_password\t\tY',
      `replicator\t${network.containerSide}\tcaching_sha2_password\tANY\tN`,
      'root\tlocalhost\tauth_socket\t\tN',
    ]);
  });

  test('have exactly the rights of their use', async () => {
    const app = `\`app\`@\`${network.hostSide}\``;
    const replicator = `\`replicator\`@\`${network.containerSide}\``;
    const exporter = '`exporter`@`localhost`';
    const grants = async (account: string): Promise<string[]> =>
      (await primary.sql(`SHOW GRANTS FOR ${account}`)).split('\n');
    expect(await grants(app)).toEqual([
      `GRANT USAGE ON *.* TO ${app}`,
      `GRANT SELECT, INSERT, UPDATE, DELETE ON \`foobar\`.* TO ${app}`,
    ]);
    expect(await grants(replicator)).toEqual([`GRANT REPLICATION SLAVE ON *.* TO ${replicator}`]);
    expect(await grants(exporter)).toEqual([`GRANT REPLICATION CLIENT ON *.* TO ${exporter}`]);
  });

  test.each([
    ['CREATE TABLE foobar.other (id INT)', 1142],
    ['DROP TABLE foobar.messages', 1142],
    ['ALTER TABLE foobar.messages ADD COLUMN x INT', 1142],
    ['CREATE DATABASE other', 1044],
    ['SELECT * FROM mysql.user', 1142],
    ['CREATE USER other', 1227],
    ["GRANT SELECT ON foobar.* TO 'app'@'%'", 1044],
    ['SET GLOBAL read_only = ON', 1227],
    ['SHOW REPLICA STATUS', 1227],
    ["SELECT body FROM foobar.messages INTO OUTFILE '/tmp/x'", 1227],
    ["LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE foobar.messages", 3948],
    ['SHUTDOWN', 1227],
  ])('the application cannot: %s', async (statement, errno) => {
    await expect(asApp(primary, (app) => app.query(statement))).rejects.toMatchObject({ errno });
  });

  test.each([
    ['root', ''],
    ['replicator', passwords['mysql-replicator']],
    ['exporter', passwords['mysql-exporter']],
    ['app', 'wrong'],
    ['', ''],
  ])('%s is refused from where it does not belong', async (user, password) => {
    await expect(connect(primary, { user, password })).rejects.toMatchObject({ errno: 1045 });
  });

  test('root is nobody but the user mysql of the operating system', async () => {
    const { output, exitCode } = await primary.run(['mysql', '-e', 'SELECT 1'], '10099:10030');
    expect([exitCode, output]).toEqual([1, expect.stringContaining('Access denied')]);
  });
});

describe('replication', () => {
  test('follows over verified TLS with automatic positions', async () => {
    const { output: status } = await replica.run(['mysql', '-E', '-e', 'SHOW REPLICA STATUS']);
    for (const line of [
      'Source_SSL_Allowed: Yes',
      'Source_SSL_Verify_Server_Cert: Yes',
      'Auto_Position: 1',
      'Source_Retry_Count: 0',
      'Connect_Retry: 1',
    ])
      expect(status).toContain(line);
  });

  test('an acknowledged commit is on both', async () => {
    const acknowledged = async (): Promise<number> =>
      Number((await primary.sql("SHOW STATUS LIKE 'Rpl_semi_sync_source_yes_tx'")).split('\t')[1]);
    const before = await acknowledged();
    await replicated('acknowledged');
    expect(await acknowledged()).toBe(before + 1);
  });

  test('the replica takes no write, not even from root', async () => {
    await expect(replica.sql("INSERT INTO foobar.messages (body, server) VALUES ('x', 'x')")).rejects.toThrow(
      /super-read-only/,
    );
    await expect(asApp(replica, (app) => app.query('DELETE FROM messages'))).rejects.toMatchObject({ errno: 1290 });
  });

  test.each([['primary'], ['replica']])('heals when mysqld of the %s is killed', async (role) => {
    const server = role === 'primary' ? primary : replica;
    const pid = (await server.run(['cat', '/run/mysqld/mysqld.pid'])).output;
    await server.run(['sh', '-c', `kill -9 ${pid}`]);
    await vi.waitFor(async () => {
      const now = await server.run(['cat', '/run/mysqld/mysqld.pid']);
      expect([now.exitCode, now.output === pid]).toEqual([0, false]);
    }, eventually);
    await bothHealthy();
    await replicated(`killed mysqld of ${role}`);
  });

  test('writes go on without the replica, which catches up when it is back', async () => {
    await replica.engine.kill();
    await post('alone');
    await replica.engine.start();
    await bothHealthy();
    await vi.waitFor(async () => expect(await count(replica, 'alone')).toBe('1'), eventually);
    await vi.waitFor(
      async () => expect(await primary.sql("SHOW STATUS LIKE 'Rpl_semi_sync_source_status'")).toContain('ON'),
      eventually,
    );
  });

  test('heals when the container of the primary is killed', async () => {
    await primary.engine.kill();
    expect(await replica.healthy()).toBe(false);
    await primary.engine.start();
    await bothHealthy();
    await replicated('killed container');
  });
});

describe('a later start', () => {
  test('stops in time and cleanly, keeps the data, and writes nothing to the binary log', async () => {
    await replicated('kept');
    const executed = await primary.sql('SELECT @@gtid_executed');
    const started = Date.now();
    await primary.engine.stop({ t: 15 });
    const { State: state } = await primary.engine.inspect();
    // It takes 1 to 2 s on an idle machine. A mysqld that has not ended by itself within 10 s is killed.
    expect(Date.parse(state.FinishedAt) - started).toBeLessThan(10_000);
    expect(state.ExitCode).toBe(0);
    const log = (await primary.engine.logs({ stdout: true, stderr: true, tail: 5 })).toString();
    expect(log).toContain('Shutdown complete');
    await primary.remove();
    await primary.start(image);
    expect(await count(primary, 'kept')).toBe('1');
    expect(await primary.sql('SELECT @@gtid_executed')).toBe(executed);
    await bothHealthy();
    await replicated('after the start');
  });

  test('takes up a changed password and mends changed rights', async () => {
    await primary.sql(`GRANT ALL ON *.* TO app@'${network.hostSide}'; CREATE USER app@'10.1.2.0/24'`);
    await primary.write('secrets/mysql-app', 'app-2');
    await primary.engine.restart({ t: 15 });
    await bothHealthy();
    await expect(connect(primary)).rejects.toMatchObject({ errno: 1045 });
    const [rows] = await asApp(primary, (app) => app.query('SHOW GRANTS'), { password: 'app-2' });
    expect(rows).toHaveLength(2);
    expect(await primary.sql("SELECT host FROM mysql.user WHERE user = 'app'")).toBe(network.hostSide);
  });
});

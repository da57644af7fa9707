import { Agent, request as askPlain } from 'node:http';
import { request } from 'node:https';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { stacks, type StackName } from '../../src/plan/stacks.ts';
import { makeAuthority, makeCertificate, type KeyPair } from '../../src/project/pki.ts';
import { renderPage } from '../../images/web/app/page.ts';
import { imageFor } from '../support/images.ts';
import { freeze } from '../support/lab.ts';
import { createNetwork, type TestNetwork } from './database/network.ts';
import { Server } from './database/server.ts';
import { WebServer, type Setting } from './web/server.ts';

// The contract of docs/application.md, as far as it needs databases and certificates, for each stack: with a real MySQL primary and replica.
const docker = new Docker();
let network: TestNetwork;
let authority: KeyPair;
let primary: Server;
let replica: Server;

beforeAll(async () => {
  const image = await imageFor('database');
  [network, authority] = await Promise.all([createNetwork(docker), makeAuthority('test CA', new Date())]);
  // The servers live among the databases here.
  const home = { ...network, hostSide: network.containerSide };
  primary = await Server.prepare(docker, home, 'primary', authority);
  replica = await Server.prepare(docker, home, 'replica', authority);
  await Promise.all([replica.start(image), primary.start(image)]);
});
afterAll(async () => {
  await Promise.all([primary?.discard(), replica?.discard()]);
  await docker.getNetwork(network.name).remove();
});

const json = 'application/json';
const eventually = { timeout: 20_000, interval: 100 };
const own = async (commonName: string, use: 'server' | 'client'): Promise<KeyPair> => {
  const names = { commonName, names: [commonName], addresses: [] };
  return makeCertificate(
    { name: 'x', service: commonName, ...names, days: 7, use, layout: 'pair' },
    authority,
    new Date(),
  );
};

describe.each(Object.keys(stacks) as StackName[])('%s', (name) => {
  const setting = (more: Partial<Setting> = {}): Setting => ({
    databases: { network: network.name, primary: 'db-primary', replica: 'db-replica' },
    authority: authority.certificate,
    ...more,
  });
  let server: WebServer;

  beforeAll(async () => {
    server = await new WebServer(name).start(setting());
    await vi.waitFor(async () => expect(await server.statusOf('/readyz')).toBe(200), eventually);
  });
  afterAll(() => server?.stop());

  const write = async (
    body: string,
    headers: Record<string, string> = {},
  ): Promise<{ id: number; createdAt: string }> => {
    const response = await server.post('/api/messages', json, JSON.stringify({ body }), headers);
    expect(response.status).toBe(201);
    const message = (await response.json()) as { id: number; createdAt: string };
    expect(response.headers.get('location')).toBe(`/api/messages/${message.id}`);
    return message;
  };

  test('a message is written to the primary and read from the replica, as it was written', async () => {
    const body = 'Ünïcödé “quotes” \' " \\ 🙂\nsecond line\t; DROP TABLE messages; %s ? <b>';
    const written = await write(`  ${body.replace('\n', '\r\n')} `);
    expect(written).toEqual({
      id: expect.any(Number) as unknown,
      body,
      server: 'web1',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as unknown,
    });
    expect(Math.abs(Date.parse(written.createdAt) - Date.now())).toBeLessThan(10_000);
    await expect
      .poll(async () => (await server.get(`/api/messages/${written.id}`)).json(), eventually)
      .toEqual(written);
    expect(await (await server.get('/api/messages?limit=1')).json()).toEqual([written]);
    expect(await primary.sql(`SELECT server FROM foobar.messages WHERE id = ${written.id}`)).toBe('web1');
  });

  test('280 characters are not too many, whatever they take to store', async () => {
    const { id } = await write('🙂'.repeat(280));
    expect(await primary.sql(`SELECT CHAR_LENGTH(body) FROM foobar.messages WHERE id = ${id}`)).toBe('280');
  });

  test('a request that is sent again writes nothing new', async () => {
    const again = { 'x-request-id': `again-${name}` };
    const [first, second] = [await write('once', again), await write('once', again)];
    expect(second.id).toBe(first.id);
    expect(await primary.sql(`SELECT COUNT(*) FROM foobar.messages WHERE request = 'again-${name}'`)).toBe('1');
    // A name that is none is not taken.
    expect((await write('once', { 'x-request-id': 'no name' })).id).not.toBe(
      (await write('once', { 'x-request-id': 'no name' })).id,
    );
  });

  test('a message that the replica does not have is not found', async () => {
    const response = await server.get('/api/messages/999999999999999');
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'message_not_found' } });
  });

  test('the form writes and leads back to the page', async () => {
    const form = new URLSearchParams({ body: 'by the form <i>&amp;' });
    const response = await server.post('/messages', 'application/x-www-form-urlencoded', form.toString());
    expect(response.status).toBe(303);
    const location = response.headers.get('location') ?? '';
    expect(location).toMatch(/^\/\?written=\d+$/);
    const page = await (await server.get(location)).text();
    expect(page).toContain(`<p class="notice good" role="status">Message #${location.split('=')[1]} is written;`);
  });

  test('the page is the same as that of the other stacks', async () => {
    const newest = 'SELECT MAX(id) FROM foobar.messages';
    await expect.poll(() => replica.sql(newest), eventually).toBe(await primary.sql(newest));
    const [messages, who] = await Promise.all([
      server.get('/api/messages?limit=10').then((response) => response.json()),
      server.get('/api/whoami').then((response) => response.json()),
    ]);
    const page = await (await server.get('/')).text();
    expect(normal(page)).toBe(
      normal(renderPage({ server: 'web1', visitor: who, messages } as Parameters<typeof renderPage>[0])),
    );
  });

  test('many at once are answered', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        index % 4 === 0 ? server.post('/api/messages', json, '{"body":"many"}') : server.get('/api/messages?limit=1'),
      ),
    );
    expect([...new Set(answers.map(({ status }) => status))].sort()).toEqual([200, 201]);
    expect(await server.metrics(9464)).toMatch(
      /^db_query_duration_seconds_count\{(?=.*database="primary")(?=.*outcome="ok").*\} [1-9]/m,
    );
    expect(await server.metrics(9464)).toMatch(
      /^db_pool_connections\{(?=.*database="primary")(?=.*state="idle").*\} [1-9]/m,
    );
  });

  test('connections that died unseen cost no request', async () => {
    const kill = `SELECT CONCAT('KILL ', id) FROM information_schema.processlist WHERE user = 'app'`;
    for (const database of [primary, replica]) {
      const kills = await database.sql(kill);
      await database.sql(kills.replaceAll('\n', ';'));
    }
    expect((await server.get('/api/messages')).status).toBe(200);
    await write('after the connections were cut');
  });

  test('health is answered while the databases hang, and requests end', async () => {
    try {
      for (const { engine } of [primary, replica]) await freeze(engine);
      const asked = performance.now();
      const requests = Array.from({ length: 12 }, () => server.get('/api/messages'));
      const health = await Promise.race([
        server.statusOf('/healthz'),
        Promise.race(requests).then(({ status }) => -status),
      ]);
      expect(health).toBe(200);
      expect(performance.now() - asked).toBeLessThan(1000);
      expect((await Promise.all(requests)).map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 503));
    } finally {
      await Promise.allSettled([primary.engine.unpause(), replica.engine.unpause()]);
    }
    await expect.poll(() => server.statusOf('/readyz'), eventually).toBe(200);
  });

  test('a database whose certificate is for another name is not believed', async () => {
    const { NetworkSettings } = await primary.engine.inspect();
    const address = NetworkSettings.Networks[network.name]?.IPAddress ?? '';
    const databases = { network: network.name, primary: 'db-impostor', replica: 'db-replica' };
    const other = await new WebServer(name).start(setting({ databases, hosts: { 'db-impostor': address } }));
    try {
      await expect
        .poll(async () => (await other.get('/readyz')).json(), eventually)
        .toEqual({ status: 'unavailable', primary: false, replica: true });
    } finally {
      await other.stop();
    }
  });

  test('a database that another authority has signed is not believed', async () => {
    const stranger = await makeAuthority('another CA', new Date());
    const other = await new WebServer(name).start(setting({ authority: stranger.certificate }));
    try {
      expect(await (await other.get('/readyz')).json()).toEqual({
        status: 'unavailable',
        primary: false,
        replica: false,
      });
    } finally {
      await other.stop();
    }
  });

  describe('with certificates on both sides', () => {
    let mutual: WebServer;
    let balancer: KeyPair;
    let other: KeyPair;

    beforeAll(async () => {
      [balancer, other] = await Promise.all([own('balancer', 'client'), own('application', 'client')]);
      mutual = await new WebServer(name).start(setting({ identity: await own('web1', 'server'), account: other }));
    });
    afterAll(() => mutual?.stop());

    /** The status and who served it; 0 where no answer came. */
    const ask = (identity?: KeyPair, tls = true): Promise<{ status: number; servedBy: string | undefined }> =>
      new Promise((resolve) => {
        const where = {
          host: mutual.container.getHost(),
          port: mutual.container.getMappedPort(443),
          path: '/api/whoami',
          timeout: 5000,
        };
        const secure = {
          ca: authority.certificate,
          servername: 'web1',
          ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.key }),
        };
        const outgoing = tls
          ? request({ ...where, ...secure, agent: false })
          : askPlain({ ...where, agent: new Agent() });
        outgoing.on('response', (response) => {
          response.resume();
          resolve({
            status: response.statusCode ?? 0,
            servedBy: response.headers['x-served-by'] as string | undefined,
          });
        });
        outgoing.on('error', () => resolve({ status: 0, servedBy: undefined }));
        outgoing.end();
      });

    test('the balancer is answered', async () => {
      expect(await ask(balancer)).toEqual({ status: 200, servedBy: 'web1' });
    });

    test('nobody else gets anything of the site', async () => {
      const refused = [await ask(), await ask(other), await ask(undefined, false)];
      for (const { status, servedBy } of refused) {
        expect([0, 400, 403]).toContain(status);
        expect(servedBy).toBeUndefined();
      }
      expect(refused[0]?.status).toBe(0);
    });

    test('the application shows the databases its own certificate', async () => {
      const host = await primary.sql(`SELECT host FROM mysql.user WHERE user = 'app'`);
      const require = (what: string): Promise<string> => primary.sql(`ALTER USER app@'${host}' REQUIRE ${what}`);
      await require(`SUBJECT '/CN=application'`);
      try {
        await expect.poll(() => mutual.shell('http-ok 80 /readyz && echo ready'), eventually).toBe('ready');
        // One that was started without is refused, once its connections are new.
        const without = await new WebServer(name).start(setting());
        expect(await (await without.get('/readyz')).json()).toMatchObject({ primary: false });
        await without.stop();
      } finally {
        await require('SSL');
      }
    });

    test('port 80 is for the health check in here alone', async () => {
      expect(await mutual.shell('ss -Hltn sport = :80')).toContain('127.0.0.1:80');
    });
  });
});

/** Markup without the white space between elements, and with one way to write each entity. */
function normal(page: string): string {
  return page
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/> | </g, (text) => text.trim())
    .replaceAll(/&(apos|#039|#39);/g, "'")
    .replaceAll(/&(#34|quot);/g, '"')
    .trim();
}

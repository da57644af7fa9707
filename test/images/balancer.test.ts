import { connect as connectH2 } from 'node:http2';
import { connect as connectTls, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { Network, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { client } from '../../src/engine/docker.ts';
import { makeAuthority, makeCertificate, type KeyPair } from '../../src/project/pki.ts';
import { renderTemplate } from '../../src/project/render.ts';
import { imageFor } from '../support/images.ts';
import { eventually, Hardened, scratch } from './hardened.ts';
import { startUpstream } from './upstream.ts';
import { Visitor, type Answer } from './visitor.ts';

const domain = 'www.foobar.com';
const names = ['web1', 'web2', 'web3'] as const;

let authority: KeyPair;
let network: StartedNetwork;
let remove: () => Promise<void>;
let balancer: StartedTestContainer;
let visitor: Visitor;
const upstreams = new Map<string, StartedTestContainer>();

beforeAll(async () => {
  const { folder, remove: removeFolder } = await scratch();
  remove = removeFolder;
  network = await new Network().start();
  const [image, node] = [await imageFor('balancer'), await imageFor('node')];
  for (const name of names) upstreams.set(name, await startUpstream(node, name, network, folder));

  authority = await makeAuthority('test CA', new Date());
  const site = { name: 'site', service: 'balancer', commonName: domain, use: 'server', layout: 'bundle' } as const;
  const leaf = await makeCertificate(
    { ...site, names: [domain, 'foobar.com', 'localhost'], addresses: ['127.0.0.1'], days: 30 },
    authority,
    new Date(),
  );
  const config = renderTemplate('balancer/haproxy.cfg.hbs', {
    secure: true,
    scheme: 'https',
    domain,
    aliases: ['foobar.com'],
    minimumVersion: 'TLSv1.2',
    hstsSeconds: 31_536_000,
    servers: names.map((name) => ({ name, address: addressOf(name), port: 8000 })),
    portMap: [{ httpPort: 8080, httpsPort: 8443 }],
    portless: [{ host: await gatewayOf(network), httpsPort: 9443 }],
  });
  balancer = await new Hardened(image, 10010, folder)
    .withFiles('/etc/lab', { 'haproxy.cfg': config, 'own-probes': '192.0.2.7\n' })
    .withFiles('/run/secrets', { 'site.pem': leaf.certificate + leaf.key })
    .withNetwork(network)
    .withExposedPorts(80, 443, 8404, 9100)
    .start();
  visitor = new Visitor(balancer, domain, authority.certificate);
  await eventually(async () => new Set(await visitor.served(12)).size === 3);
});

afterAll(async () => {
  await balancer?.stop();
  await Promise.all([...upstreams.values()].map((upstream) => upstream.stop().catch(() => undefined)));
  await network?.stop();
  await remove?.();
});

/** What a visitor of this machine comes from. */
async function gatewayOf(started: StartedNetwork): Promise<string> {
  const { IPAM } = (await client().getNetwork(started.getId()).inspect()) as {
    IPAM: { Config: { Gateway: string }[] };
  };
  return IPAM.Config[0]?.Gateway ?? '';
}

function addressOf(name: string): string {
  return upstreams.get(name)?.getIpAddress(network.getName()) ?? '';
}

function control(name: string, path: string): Promise<Response> {
  const upstream = upstreams.get(name) as StartedTestContainer;
  return fetch(`http://${upstream.getHost()}:${upstream.getMappedPort(8000)}${path}`);
}

async function handled(path: string): Promise<number> {
  const counts = await Promise.all(names.map(async (name) => (await control(name, `/control/count${path}`)).text()));
  return counts.reduce((sum, count) => sum + Number(count), 0);
}

function statistics(path: string): Promise<Response> {
  return fetch(`http://${balancer.getHost()}:${balancer.getMappedPort(8404)}${path}`);
}

describe('from HTTP to HTTPS', () => {
  test.each([
    ['www.foobar.com', '/a/b?c=d&e=%2F', 'https://www.foobar.com:9443/a/b?c=d&e=%2F'],
    ['foobar.com', '/', 'https://foobar.com:9443/'],
    ['www.foobar.com:8080', '/a?b', 'https://www.foobar.com:8443/a?b'],
    ['localhost:8080', '/', 'https://localhost:8443/'],
    ['WWW.Foobar.com:8080', '/', 'https://www.foobar.com:8443/'],
    ['www.foobar.com:9999', '/', 'https://www.foobar.com/'],
  ])('http://%s%s -> %s', async (host, path, location) => {
    const response = await visitor.http(path, host);
    expect(response.status).toBe(301);
    expect(response.headers['location']).toBe(location);
  });

  test('a visitor inside the lab, who names no port, is sent to 443', async () => {
    const script = `require('http').get({ host: '${balancer.getIpAddress(network.getName())}', headers: { host: '${domain}' } },
      ({ headers }) => console.log(headers.location))`;
    const { output } = await (upstreams.get('web1') as StartedTestContainer).exec(['node', '-e', script]);
    expect(output.trim()).toBe(`https://${domain}/`);
  });

  test.each(['evil.example', 'www.foobar.com.evil.example', 'evil.example:8080', ''])('refuses %s', async (host) => {
    expect((await visitor.http('/', host)).status).toBe(421);
  });
});

describe('TLS', () => {
  function handshake(options: ConnectionOptions): Promise<TLSSocket> {
    return new Promise((resolve, reject) => {
      const socket = connectTls({ ...visitor.door, ...options });
      socket.once('secureConnect', () => resolve(socket));
      socket.once('error', reject);
    });
  }

  test.each(['TLSv1.2', 'TLSv1.3'] as const)('speaks %s', async (version) => {
    const socket = await handshake({ minVersion: version, maxVersion: version });
    expect(socket.getProtocol()).toBe(version);
    expect(socket.authorized).toBe(true);
    socket.destroy();
  });

  /** How many were counted that wanted less than TLS 1.2. */
  const refused = async (): Promise<number> => {
    const { output } = await balancer.exec(['cat', '/run/textfile/old-tls.prom']);
    return Number(/^tls_old_handshakes_total\{result="refused"\} (\d+)$/m.exec(output)?.[1]);
  };

  test.each(['TLSv1', 'TLSv1.1'] as const)('refuses %s', async (version) => {
    const before = await refused();
    const old = handshake({ minVersion: version, maxVersion: version, ciphers: 'DEFAULT:@SECLEVEL=0' });
    await expect(old).rejects.toMatchObject({ code: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' });
    await eventually(async () => (await refused()) === before + 1);
  });

  test('counts who wants less than TLS 1.2, and nobody else', async () => {
    const before = await refused();
    (await handshake({ minVersion: 'TLSv1.2' })).destroy();
    await handshake({ maxVersion: 'TLSv1.2', ciphers: 'AES128-SHA256' }).catch(() => undefined);
    for (let turn = 0; turn < 2; turn += 1)
      await handshake({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' }).catch(
        () => undefined,
      );
    await eventually(async () => (await refused()) === before + 2);
  });

  test('refuses ciphers without forward secrecy', async () => {
    const weak = handshake({
      maxVersion: 'TLSv1.2',
      ciphers: 'AES128-SHA256:AES256-GCM-SHA384:ECDHE-ECDSA-AES128-SHA',
    });
    await expect(weak).rejects.toMatchObject({ code: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' });
  });

  test('serves HTTP/2', async () => {
    const { host, port, ca, servername } = visitor.door;
    const client = connectH2(`https://${host}:${port}`, { ca, servername });
    const status = await new Promise((resolve, reject) => {
      client.on('error', reject);
      const stream = client.request({ ':path': '/', ':authority': domain });
      stream.on('response', (headers) => resolve(headers[':status']));
      stream.on('error', reject);
      stream.resume();
    });
    expect(client.alpnProtocol).toBe('h2');
    expect(status).toBe(200);
    client.close();
  });

  test('asks browsers to stay with HTTPS, on every answer', async () => {
    const answers = await Promise.all([
      visitor.https('/'),
      visitor.https('/', { headers: { host: 'evil.example' } }),
      visitor.https('/status/404'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 421, 404]);
    for (const { headers } of answers) expect(headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

describe('what a visitor claims', () => {
  test('is replaced by what the balancer saw', async () => {
    const forged = {
      'x-forwarded-for': '6.6.6.6',
      'X-Forwarded-Proto': 'gopher',
      'X-Forwarded-Host': 'evil.example',
      'X-Forwarded-Port': '1',
      'X-Forwarded-Server': 'evil.example',
      X_Forwarded_For: '6.6.6.6',
      'X-Real-IP': '6.6.6.6',
      Forwarded: 'for=6.6.6.6;proto=gopher',
    };
    const { body } = await visitor.https('/', { headers: forged });
    const seen = JSON.parse(body) as Record<string, string>;
    expect(seen['x-forwarded-for']).toMatch(/^[0-9.]+$/);
    expect(seen['x-forwarded-proto']).toBe('https');
    expect(seen['x-forwarded-host']).toBe(domain);
    expect(seen['x-forwarded-port']).toBe('443');
    expect(seen['forwarded']).toBe(`for=${seen['x-forwarded-for']};proto=https;host="${domain}"`);
    expect(body).not.toMatch(/6\.6\.6\.6|gopher|evil|x_forwarded|x-real-ip|x-forwarded-server/);
  });
});

describe('statistics', () => {
  test('are on a port of their own, for people and for Prometheus', async () => {
    expect(await (await statistics('/stats')).text()).toContain('Statistics Report');
    const metrics = await (await statistics('/metrics')).text();
    expect(metrics).toMatch(/haproxy_server_status\{proxy="servers",server="web1",state="UP"\} 1/);
    expect((await statistics('/healthz')).status).toBe(200);
    expect((await visitor.https('/stats')).headers['x-served-by']).toBeDefined();
  });

  test('the host is monitored too', async () => {
    const response = await fetch(`http://${balancer.getHost()}:${balancer.getMappedPort(9100)}/metrics`);
    expect(await response.text()).toContain('node_memory_MemAvailable_bytes');
  });
});

describe('balancing', () => {
  test('all servers answer in turn', async () => {
    const answers = await visitor.served(9);
    for (const name of names) expect(answers.filter((by) => by === name)).toHaveLength(3);
  });

  test('a read that one server drops is answered by another', async () => {
    await control('web1', '/control/drop');
    const answers = await Promise.all(Array.from({ length: 6 }, () => visitor.https('/dropped-read')));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(answers.map(({ headers }) => headers['x-served-by'])).not.toContain('web1');
    expect(await handled('/dropped-read')).toBeGreaterThan(6);
  });

  test('a write that a server drops is answered by another', async () => {
    const answers: Answer[] = [];
    for (let index = 0; index < 6; index += 1)
      answers.push(await visitor.https('/write', { method: 'POST', body: 'x' }));
    await control('web1', '/control/normal');
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
    expect(await handled('/write')).toBeGreaterThan(6);
  });

  test('a server that says it is unwell leaves the rotation, and comes back', async () => {
    await control('web2', '/control/unwell');
    await eventually(async () => !(await visitor.served(6)).includes('web2'));
    await control('web2', '/control/normal');
    await eventually(async () => (await visitor.served(6)).includes('web2'));
  });

  test('a stopped server costs no request', async () => {
    const answers: Answer[] = [];
    let stopped = false;
    const stopping = upstreams
      .get('web3')
      ?.stop({ timeout: 0 })
      .then(() => (stopped = true));
    const after = (): boolean =>
      stopped && answers.slice(-12).every(({ headers }) => headers['x-served-by'] !== 'web3');
    const deadline = Date.now() + 15_000;
    while (Date.now() < deadline && !(answers.length > 60 && after())) {
      const write = answers.length % 4 === 3;
      answers.push(await visitor.https('/', write ? { method: 'POST', body: 'x' } : {}));
    }
    await stopping;
    expect(after()).toBe(true);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
    await eventually(async () => /server="web3",state="DOWN"\} 1/.test(await (await statistics('/metrics')).text()));
  });

  test('with no server left, visitors get a page that says to come back', async () => {
    await Promise.all(['web1', 'web2'].map((name) => upstreams.get(name)?.stop({ timeout: 0 })));
    const answer = await eventually(async () => {
      const last = await visitor.https('/');
      return last.status === 503 && last;
    });
    expect(answer.body).toContain('We will be right back');
    expect(answer.headers['retry-after']).toBe('5');
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

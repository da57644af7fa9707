import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { renderTemplate } from '../../src/project/render.ts';
import { imageFor } from '../support/images.ts';

// One server alone, hardened as in a lab, without databases.
const uid = 10020;
const notTheBalancer = '192.0.2.1';

let folder: string;
let server: StartedTestContainer;
const lines: string[] = [];

class Server extends GenericContainer {
  constructor(image: string, config: string) {
    super(image);
    this.hostConfig.ReadonlyRootfs = true;
    this.withHostname('web1')
      .withUser(`${uid}:${uid}`)
      .withDroppedCapabilities('ALL')
      .withSecurityOpt('no-new-privileges')
      .withTmpFs({ '/run': `uid=${uid},gid=${uid},mode=755`, '/tmp': 'mode=1777' })
      // Nobody listens there: the loopback interface refuses at once.
      .withExtraHosts([
        { host: 'db-primary', ipAddress: '127.0.0.1' },
        { host: 'db-replica', ipAddress: '127.0.0.1' },
      ])
      .withBindMounts([
        { source: config, target: '/etc/lab', mode: 'ro' },
        { source: join(folder, 'ca.pem'), target: '/etc/ssl/lab/ca.pem', mode: 'ro' },
        { source: join(folder, 'mysql-app'), target: '/run/secrets/mysql-app', mode: 'ro' },
      ])
      .withExposedPorts(80, 9100, 9113, 9464)
      .withHealthCheck({ test: ['CMD', '/usr/local/bin/healthy'], interval: 500, timeout: 2000, retries: 20 })
      .withLogConsumer((stream) => stream.on('data', (line) => lines.push(String(line).trim())))
      .withWaitStrategy(Wait.forHealthCheck())
      .withStartupTimeout(20_000);
  }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lab-web-'));
  await writeFile(join(folder, 'ca.pem'), '');
  await writeFile(join(folder, 'mysql-app'), 'sesame\n');
  server = await start(notTheBalancer);
});

afterAll(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(balancer: string): Promise<StartedTestContainer> {
  const config = join(folder, balancer);
  await mkdir(config, { recursive: true });
  await writeFile(join(config, 'nginx.conf'), renderTemplate('web/nginx.conf.hbs', { balancerAddresses: [balancer] }));
  const database = {
    name: 'foobar',
    user: 'app',
    passwordFile: '/run/secrets/mysql-app',
    caFile: '/etc/ssl/lab/ca.pem',
    primary: { host: 'db-primary', port: 3306 },
    replica: { host: 'db-replica', port: 3306 },
  };
  await writeFile(join(config, 'app.json'), JSON.stringify({ database }));
  return new Server(await imageFor('web'), config).start();
}

function url(path: string, port = 80, container = server): string {
  return `http://${container.getHost()}:${container.getMappedPort(port)}${path}`;
}

function get(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url(path), { headers });
}

async function statusOf(path: string): Promise<number> {
  try {
    return (await get(path)).status;
  } catch {
    return 0;
  }
}

async function shell(script: string, container = server): Promise<string> {
  const { output, exitCode } = await container.exec(['sh', '-c', script]);
  return exitCode === 0 ? output.trim() : `exit ${exitCode}: ${output}`;
}

describe('without databases', () => {
  test('the server is alive and not ready', async () => {
    expect(await statusOf('/healthz')).toBe(200);
    expect(await statusOf('/readyz')).toBe(503);
  });

  test('a message cannot be written, and that is said within two seconds', async () => {
    const started = performance.now();
    const response = await fetch(url('/api/messages'), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"body":"hello"}',
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ error: { code: 'database_unavailable' } });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('the page is there', async () => {
    const response = await get('/');
    expect(response.status).toBe(200);
    expect(await response.text()).toContain('<h1>web1</h1>');
  });
});

describe('Nginx', () => {
  test.each([
    ['/static/site.css', 'text/css'],
    ['/static/about.html', 'text/html'],
    ['/static/favicon.svg', 'image/svg+xml'],
    ['/robots.txt', 'text/plain'],
  ])('serves %s itself', async (path, type) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toContain(type);
    expect(response.headers.get('etag')).not.toBeNull();
  });

  test('sends files compressed to who asks for it', async () => {
    const response = await get('/static/site.css', { 'accept-encoding': 'gzip' });
    expect(response.headers.get('content-encoding')).toBe('gzip');
    expect(await response.text()).toContain('.tint-0');
  });

  test.each(['/', '/static/site.css', '/api/whoami', '/nothing', '/static/nothing', '/.env'])(
    '%s has the server’s name and the security headers, once each',
    async (path) => {
      const { headers } = await get(path);
      expect(headers.get('x-served-by')).toBe('web1');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
      expect(headers.get('server')).toBe('nginx');
    },
  );

  test.each(['/metrics', '/metrics/', '/.env', '/.git/config', '/static/.hidden', '/stub_status'])(
    'has nothing at %s',
    async (path) => {
      expect(await statusOf(path)).toBe(404);
    },
  );

  test('refuses a large body, in JSON', async () => {
    const response = await fetch(url('/api/messages'), { method: 'POST', body: 'x'.repeat(5000) });
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
    expect(response.headers.get('x-served-by')).toBe('web1');
  });

  test('passes the application’s own errors on', async () => {
    const response = await fetch(url('/api/messages'), { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
  });
});

test('a health check over HTTP/1.0 needs no Host', async () => {
  const check = `exec 3<>/dev/tcp/127.0.0.1/80; printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3; head -n 1 <&3`;
  const { output } = await server.exec(['bash', '-c', check]);
  expect(output).toMatch(/^HTTP\/1\.[01] 200 /);
});

describe('forwarded headers', () => {
  const forged = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https', 'x-real-ip': '198.51.100.8' };

  test('are not believed from anybody but the balancer, and are from the balancer', async () => {
    const stranger = (await (await get('/api/whoami', forged)).json()) as { clientAddress: string };
    expect(stranger).toMatchObject({ server: 'web1', scheme: 'http', forwardedFor: null });
    expect(Object.values(forged)).not.toContain(stranger.clientAddress);

    // The same peer, where it is the balancer.
    const behind = await start(stranger.clientAddress);
    try {
      const response = await fetch(url('/api/whoami', 80, behind), { headers: forged });
      expect(await response.json()).toEqual({
        server: 'web1',
        clientAddress: '198.51.100.7',
        scheme: 'https',
        forwardedFor: '198.51.100.7',
      });
    } finally {
      await behind.stop();
    }
  });
});

describe('hardening', () => {
  test('every process runs as the server’s own user, without capabilities', async () => {
    const facts = await shell(
      `for p in /proc/[0-9]*; do echo $(grep -hE '^(Uid|CapEff|NoNewPrivs):' $p/status 2>/dev/null); done | sort -u | grep .`,
    );
    expect(facts.split('\n')).toEqual([`Uid: ${uid} ${uid} ${uid} ${uid} CapEff: 0000000000000000 NoNewPrivs: 1`]);
  });

  test('the root file system cannot be written', async () => {
    expect(await shell('touch /srv/app/static/x')).toContain('Read-only file system');
  });

  test('the application listens on the loopback interface alone', async () => {
    expect(await shell('ss -Hltn sport = :3000 or sport = :8081')).not.toMatch(/(0\.0\.0\.0|\*|\[::\]):(3000|8081)/);
    expect(await shell('ss -Hltn sport = :3000')).toContain('127.0.0.1:3000');
  });
});

describe('monitoring', () => {
  test.each([
    [9464, /^app_info\{server="web1",/m],
    [9464, /^http_requests_total\{route="\/healthz",method="GET",status="200"\} [1-9]/m],
    [9113, /^nginx_up 1$/m],
    [9100, /^node_load1 /m],
  ])('port %i has %s', async (port, pattern) => {
    expect(await (await fetch(url('/metrics', port))).text()).toMatch(pattern);
  });

  test('requests are logged as JSON lines; health checks are not', async () => {
    await get('/api/whoami?logged');
    const logged = (): Record<string, unknown>[] =>
      lines
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line) as Record<string, unknown>)
        .filter(({ type }) => type === 'access');
    await expect
      .poll(logged, { timeout: 5000 })
      .toContainEqual(
        expect.objectContaining({ uri: '/api/whoami?logged', method: 'GET', status: 200, scheme: 'http' }),
      );
    expect(logged()).not.toContainEqual(expect.objectContaining({ uri: '/healthz', status: 200 }));
  });
});

describe('the supervisor', () => {
  test('starts Nginx again when it is killed', async () => {
    const first = await shell('cat /run/nginx.pid');
    await shell(`kill -KILL ${first}`);
    // Nginx writes its id only after it has the port, so a worker left over from the first would keep this from happening.
    await expect.poll(() => shell('cat /run/nginx.pid'), { timeout: 10_000 }).not.toBe(first);
    await expect.poll(() => statusOf('/healthz'), { timeout: 10_000 }).toBe(200);
    expect(await shell('grep -lx "Name:.nginx" /proc/[0-9]*/status | wc -l')).toBe('2');
  });

  test('starts the application again when it is killed', async () => {
    const running = (): Promise<string> => shell('s6-svstat -o pid /run/service/app');
    const first = await running();
    expect(first).toMatch(/^\d+$/);
    await shell(`kill -KILL ${first}`);
    await expect.poll(running, { timeout: 10_000 }).not.toBe(first);
    await expect.poll(() => statusOf('/healthz'), { timeout: 10_000 }).toBe(200);
  });

  test('stops everything within two seconds of SIGTERM', async () => {
    const started = await start(notTheBalancer);
    const container = (await connect()).getContainer(started.getId());
    const stopping = Date.now();
    await container.stop({ t: 10 });
    const { State: state } = await container.inspect();
    await container.remove();
    expect(state.ExitCode).not.toBe(137);
    expect(Date.parse(state.FinishedAt) - stopping).toBeLessThan(2000);
  });
});

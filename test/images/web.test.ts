import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { stacks, type StackName } from '../../src/plan/stacks.ts';
import { processFacts } from './process-facts.ts';
import { uid, WebServer } from './web/server.ts';

// The contract of docs/application.md, as far as it needs no databases, for each stack. With databases: web-databases.test.ts.
describe.each(Object.keys(stacks) as StackName[])('%s', (name) => {
  const stack = stacks[name];
  let server: WebServer;

  beforeAll(async () => {
    server = await new WebServer(name).start();
  });
  afterAll(() => server?.stop());

  const get: WebServer['get'] = (...given) => server.get(...given);
  const shell = (script: string): Promise<string> => server.shell(script);
  const statusOf = (path: string): Promise<number> => server.statusOf(path);

  describe('without databases', () => {
    test('the server is alive and not ready', async () => {
      expect(await statusOf('/healthz')).toBe(200);
      expect(await statusOf('/readyz')).toBe(503);
      expect(await (await get('/readyz')).json()).toEqual({ status: 'unavailable', primary: false, replica: false });
    });

    test('a message cannot be written, and that is said within two seconds', async () => {
      const started = performance.now();
      const response = await server.post('/api/messages', 'application/json', '{"body":"hello"}');
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

  describe('the web server in front', () => {
    test.each([
      ['/static/site.css', 'text/css'],
      ['/static/about.html', 'text/html'],
      ['/static/favicon.svg', 'image/svg+xml'],
      ['/favicon.ico', 'image/svg+xml'],
      ['/robots.txt', 'text/plain'],
    ])('serves %s itself, to be kept for an hour', async (path, type) => {
      const response = await get(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain(type);
      expect(response.headers.get('etag')).not.toBeNull();
      if (path.startsWith('/static/')) expect(response.headers.get('cache-control')).toBe('max-age=3600');
    });

    test('knows a file again', async () => {
      const etag = (await get('/static/site.css')).headers.get('etag') ?? '';
      expect((await get('/static/site.css', { 'if-none-match': etag })).status).toBe(304);
    });

    test.each(['/static/site.css', '/static/about.html'])('sends %s compressed to who asks for it', async (path) => {
      const plain = await get(path, { 'accept-encoding': 'identity' });
      const response = await get(path, { 'accept-encoding': 'gzip' });
      expect(plain.headers.get('content-encoding')).toBeNull();
      expect(response.headers.get('content-encoding')).toBe('gzip');
      expect(response.headers.get('vary')).toMatch(/accept-encoding/i);
      expect(response.headers.get('content-type')).toBe(plain.headers.get('content-type'));
      expect(await response.text()).toBe(await plain.text());
    });

    test.each(['/', '/static/site.css', '/api/whoami', '/nothing', '/static/nothing', '/.env'])(
      '%s has the server’s name and the security headers, once each, and no version',
      async (path) => {
        const { headers } = await get(path);
        expect(headers.get('x-served-by')).toBe('web1');
        expect(headers.get('x-content-type-options')).toBe('nosniff');
        expect(headers.get('x-frame-options')).toBe('DENY');
        expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin');
        expect(headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
        expect(headers.get('server')).toMatch(new RegExp(`^${stack.front}$`, 'i'));
        expect(headers.get('x-powered-by')).toBeNull();
      },
    );

    test.each([
      '/metrics',
      '/metrics/',
      '/.env',
      '/.git/config',
      '/static/.hidden',
      '/stub_status',
      '/server-status',
      '/errors/too-large.asis',
      '/site.php',
      '/page.phtml',
    ])('has nothing at %s', async (path) => {
      expect(await statusOf(path)).toBe(404);
    });

    test.each([5000, 100_000])('refuses a body of %i bytes, in JSON', async (bytes) => {
      const response = await server.post('/api/messages', 'application/json', 'x'.repeat(bytes));
      expect(response.status).toBe(413);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.json()).toMatchObject({ error: { code: 'body_too_large' } });
      expect(response.headers.get('x-served-by')).toBe('web1');
    });

    test('says that it is a bad gateway while the application is away, and serves files', async () => {
      await shell('s6-svc -wD -T 5000 -d /run/service/app');
      try {
        expect(await statusOf('/healthz')).toBe(502);
        expect(await statusOf('/api/whoami')).toBe(502);
        expect((await get('/')).headers.get('x-served-by')).toBe('web1');
        expect(await statusOf('/static/site.css')).toBe(200);
      } finally {
        await shell('s6-svc -u /run/service/app');
        await expect.poll(() => statusOf('/healthz'), { timeout: 10_000 }).toBe(200);
      }
    });
  });

  describe('wrong requests', () => {
    const json = 'application/json';
    test.each<[string, string, string, string, number, string]>([
      ['no JSON', '/api/messages', json, '{"body":', 400, 'invalid_json'],
      ['JSON that is no object', '/api/messages', json, '[1]', 400, 'message_missing'],
      ['no message', '/api/messages', json, '{}', 400, 'message_missing'],
      ['an object for a message', '/api/messages', json, '{"body":{"$ne":1}}', 400, 'message_missing'],
      ['an empty message', '/api/messages', json, '{"body":" \\r\\n\\t "}', 400, 'message_empty'],
      ['control characters', '/api/messages', json, '{"body":"a\\u0000b"}', 400, 'message_not_text'],
      [
        'a message that is too long',
        '/api/messages',
        json,
        JSON.stringify({ body: 'x'.repeat(281) }),
        400,
        'message_too_long',
      ],
      ['another type', '/api/messages', 'text/plain', '{"body":"x"}', 415, 'unsupported_type'],
      [
        'a form where JSON is due',
        '/api/messages',
        'application/x-www-form-urlencoded',
        'body=x',
        415,
        'unsupported_type',
      ],
      ['JSON where a form is due', '/messages', json, '{"body":"x"}', 415, 'unsupported_type'],
    ])('%s', async (_, path, type, body, status, code) => {
      const response = await server.post(path, type, body);
      expect(await response.json()).toMatchObject({ error: { code } });
      expect(response.status).toBe(status);
    });

    test('bytes that are no UTF-8', async () => {
      const body = Buffer.concat([Buffer.from('{"body":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]);
      const response = await fetch(server.url('/api/messages'), {
        method: 'POST',
        headers: { 'content-type': json },
        body,
      });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_encoding' } });
    });

    test.each([
      ['/api/messages?limit=0', 'invalid_limit'],
      ['/api/messages?limit=101', 'invalid_limit'],
      ["/api/messages?limit=1'", 'invalid_limit'],
      ['/api/messages/1%20OR%201=1', 'invalid_id'],
      ['/api/messages/-1', 'invalid_id'],
    ])('%s', async (path, code) => {
      const response = await get(path);
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: { code } });
    });

    test.each(['/nothing', '/api', '/api/messages/', '/api/messages/1/2', '/healthz/'])(
      'nothing is at %s',
      async (path) => {
        const response = await get(path);
        expect(response.status).toBe(404);
        expect(await response.json()).toMatchObject({ error: { code: 'not_found' } });
      },
    );

    test.each([
      ['DELETE', '/api/messages', 'GET, HEAD, POST'],
      ['PUT', '/api/messages/1', 'GET, HEAD'],
      ['GET', '/messages', 'POST'],
      ['OPTIONS', '/', 'GET, HEAD'],
    ])('%s %s is told what is allowed', async (method, path, allowed) => {
      const response = await fetch(server.url(path), { method });
      expect(response.status).toBe(405);
      expect(response.headers.get('allow')).toBe(allowed);
      expect(await response.json()).toMatchObject({ error: { code: 'method_not_allowed' } });
    });

    test('HEAD is answered as GET, without the body', async () => {
      const response = await fetch(server.url('/api/whoami'), { method: 'HEAD' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/json');
      expect(await response.text()).toBe('');
    });

    test('a refused form comes back with what was written, as text', async () => {
      const form = new URLSearchParams({ body: `<script>"'&${'x'.repeat(280)}` });
      const response = await server.post('/messages', 'application/x-www-form-urlencoded', form.toString());
      expect(response.status).toBe(400);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      const page = await response.text();
      expect(page).toContain('<p class="notice bad" role="status">The message may have at most 280 characters.</p>');
      expect(page).toMatch(/&lt;script&gt;(&quot;|&#34;)(&#39;|&apos;)&amp;xxx/);
    });
  });

  test('a health check over HTTP/1.0 needs no Host', async () => {
    const check = `exec 3<>/dev/tcp/127.0.0.1/80; printf 'GET /healthz HTTP/1.0\\r\\n\\r\\n' >&3; head -n 1 <&3`;
    const { output } = await server.container.exec(['bash', '-c', check]);
    expect(output).toMatch(/^HTTP\/1\.[01] 200 /);
  });

  describe('forwarded headers', () => {
    const forged = {
      'x-forwarded-for': '198.51.100.7',
      'x-forwarded-proto': 'https',
      'x-real-ip': '198.51.100.8',
      x_forwarded_for: '198.51.100.9',
      'x-lab-forwarded-for': '198.51.100.10',
      'x-lab-peer': '198.51.100.11',
      'x-lab-forwarded-proto': 'https',
      'client-address': '198.51.100.12',
    };

    test('are not believed from anybody but the balancer, and are from the balancer', async () => {
      const stranger = (await (await get('/api/whoami', forged)).json()) as { clientAddress: string };
      expect(stranger).toMatchObject({ server: 'web1', scheme: 'http', forwardedFor: null });
      expect(Object.values(forged)).not.toContain(stranger.clientAddress);

      // The same peer, where it is the balancer.
      const behind = await new WebServer(name).start({ balancer: stranger.clientAddress });
      try {
        expect(await (await behind.get('/api/whoami', forged)).json()).toEqual({
          server: 'web1',
          clientAddress: '198.51.100.7',
          scheme: 'https',
          forwardedFor: '198.51.100.7',
        });
        const page = await (await behind.get('/', forged)).text();
        expect(page).toContain('<span class="badge good">HTTPS to the balancer</span>');
        expect(page).toContain('(forwarded for 198.51.100.7)');
      } finally {
        await behind.stop();
      }
    });
  });

  describe('hardening', () => {
    test('every process runs as the server’s own user, without capabilities', async () => {
      const facts = await shell(processFacts('Uid|CapEff|NoNewPrivs'));
      expect(facts.replaceAll('\t', ' ').split('\n')).toEqual([
        'CapEff: 0000000000000000',
        'NoNewPrivs: 1',
        `Uid: ${uid} ${uid} ${uid} ${uid}`,
      ]);
    });

    test('the root file system cannot be written', async () => {
      expect(await shell('touch /srv/app/static/x')).toContain('Read-only file system');
    });

    test('the application listens on the loopback interface alone', async () => {
      expect(await shell('ss -Hltn sport = :3000 or sport = :3001 or sport = :8081 or sport = :2019')).not.toMatch(
        /(0\.0\.0\.0|\*|\[::\]):(3000|3001|8081|2019)/,
      );
      expect(await shell('ss -Hltn sport = :3000')).toContain('127.0.0.1:3000');
    });

    test('its files are those of the image', async () => {
      expect(await shell('aide --config=/usr/local/share/integrity/image --check')).toMatch(/no differences/i);
    });
  });

  describe('monitoring', () => {
    beforeAll(async () => {
      // The application has been started again since the last one that failed.
      expect((await server.post('/api/messages', 'application/json', '{"body":"hello"}')).status).toBe(503);
    });

    test.each([
      [9464, /^app_info\{(?=.*server="web1")(?=.*(node|php|python)="v?\d).*\} 1/m],
      [9464, /^app_clock_seconds 1\.?\d+/m],
      [9464, /^http_requests_total\{(?=.*route="\/healthz")(?=.*method="GET")(?=.*status="200").*\} [1-9]/m],
      [9464, /^http_request_duration_seconds_bucket\{(?=.*le="0\.25")(?=.*route="\/healthz").*\} [1-9]/m],
      [9464, /^http_request_duration_seconds_bucket\{(?=.*le="\+Inf").*\} [1-9]/m],
      [9464, /^http_request_duration_seconds_count\{/m],
      [9464, /^db_query_duration_seconds_bucket\{(?=.*database="primary")(?=.*outcome="error").*\} [1-9]/m],
      [9464, /^db_pool_connections\{(?=.*database="replica")(?=.*state="in_use").*\} 0/m],
      [9464, /^db_pool_waiting\{database="primary"\} 0/m],
      [9464, /^process_cpu_seconds_total \d/m],
      [9113, new RegExp(`^${stack.vital.metric}(\\{.*\\})? 1$`, 'm')],
      [9113, new RegExp(`^${stack.requests.replace('{', '\\{(?=.*').replace('}', ').*\\}')} [1-9]`, 'm')],
      [9113, new RegExp(`^${stack.connections.replace('{', '\\{(?=.*').replace('}', ').*\\}')} \\d`, 'm')],
      [9100, /^node_load1 /m],
    ])('port %i has %s', async (port, pattern) => {
      expect(await server.metrics(port)).toMatch(pattern);
    });

    test('each request is counted once, by the web server in front and by the application', async () => {
      const own = async (): Promise<number> =>
        sum(await server.metrics(9464), /^http_requests_total\{.*route="\/api\/whoami".*\} (\S+)/gm);
      const fronts = async (): Promise<number> =>
        sum(
          await server.metrics(9113),
          new RegExp(`^${stack.requests.replace('{', '\\{.*').replace('}', '.*\\}')} (\\S+)`, 'gm'),
        );
      const before = [await own(), await fronts()];
      for (let index = 0; index < 20; index += 1) await get('/api/whoami');
      expect((await own()) - (before[0] ?? 0)).toBe(20);
      const more = (await fronts()) - (before[1] ?? 0);
      // Health checks go on, and the exporter may ask too.
      expect(more).toBeGreaterThanOrEqual(20);
      expect(more).toBeLessThan(40);
    });

    test('requests are logged as JSON lines; health checks are not', async () => {
      await get('/api/whoami?logged', { 'user-agent': 'a "quoted" \\ ünusual agent' });
      await get('/static/site.css');
      const logged = (): Record<string, unknown>[] =>
        server.lines
          .filter((line) => line.startsWith('{'))
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .filter(({ type }) => type === 'access');
      await expect.poll(logged, { timeout: 5000 }).toContainEqual(
        expect.objectContaining({
          uri: '/api/whoami?logged',
          method: 'GET',
          status: 200,
          scheme: 'http',
          client: expect.stringMatching(/^\d/) as unknown,
          peer: expect.stringMatching(/^\d/) as unknown,
          time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as unknown,
        }),
      );
      expect(logged()).not.toContainEqual(expect.objectContaining({ uri: '/healthz', status: 200 }));
      expect(logged()).not.toContainEqual(expect.objectContaining({ uri: '/static/site.css', status: 200 }));
    });
  });

  describe('the supervisor', () => {
    test.each([stack.process, 'app'])('starts %s again when it is killed', async (service) => {
      const running = (): Promise<string> => shell(`s6-svstat -o pid /run/service/${service}`);
      const first = await running();
      expect(first).toMatch(/^\d+$/);
      await shell(`kill -KILL ${first}`);
      await expect.poll(running, { timeout: 10_000 }).toMatch(new RegExp(`^(?!${first}$)\\d+$`));
      await expect.poll(() => statusOf('/healthz'), { timeout: 10_000 }).toBe(200);
      // Nothing of the first is left over: it is all of one group of processes, which ended with it.
      expect(await shell(`cat /proc/[0-9]*/stat 2>/dev/null | cut -d ' ' -f 5 | grep -cx ${first}`)).toMatch(
        /^exit 1: 0/,
      );
    });

    test('stops everything within two seconds of SIGTERM', async () => {
      const started = await new WebServer(name).start();
      const container = (await connect()).getContainer(started.container.getId());
      const stopping = Date.now();
      await container.stop({ t: 10 });
      const { State: state } = await container.inspect();
      await container.remove();
      expect(state.ExitCode).not.toBe(137);
      expect(Date.parse(state.FinishedAt) - stopping).toBeLessThan(2000);
    });
  });
});

function sum(text: string, pattern: RegExp): number {
  return [...text.matchAll(pattern)].reduce((total, [, value]) => total + Number(value), 0);
}

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createApplication, type Application } from '../../../../images/web/app/application.ts';

// The true application over HTTP; its databases are a port where nobody listens.
let application: Application;
let site: string;
let operations: string;

beforeAll(async () => {
  const nobody = { host: '127.0.0.1', port: await closedPort() };
  application = createApplication('web9', {
    database: { name: 'foobar', user: 'app', password: 'sesame', ca: '', primary: nobody, replica: nobody },
  });
  site = await listen(application.site);
  operations = await listen(application.operations);
});

afterAll(async () => {
  application.site.close();
  application.operations.close();
  await application.database.close();
});

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function closedPort(): Promise<number> {
  const server = createServer();
  const { port } = new URL(await listen(server));
  server.close();
  await once(server, 'close');
  return Number(port);
}

function post(path: string, body: string, type = 'application/json'): Promise<Response> {
  return fetch(site + path, { method: 'POST', body, headers: { 'content-type': type }, redirect: 'manual' });
}

async function codeOf(response: Response): Promise<string> {
  return ((await response.json()) as { error: { code: string } }).error.code;
}

describe('without databases', () => {
  test('it is alive, and not ready', async () => {
    expect((await fetch(`${site}/healthz`)).status).toBe(200);
    const ready = await fetch(`${site}/readyz`);
    expect(ready.status).toBe(503);
    expect(await ready.json()).toEqual({ status: 'unavailable', primary: false, replica: false });
  });

  test('the page is there all the same', async () => {
    const page = await fetch(site);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('replica does not answer');
  });

  test.each(['/api/messages', '/api/messages/1'])('GET %s is 503', async (path) => {
    const response = await fetch(site + path);
    expect(response.status).toBe(503);
    expect(await codeOf(response)).toBe('database_unavailable');
  });

  test('many requests at once, more than the pool has connections, are all answered', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 30 }, async () => (await fetch(`${site}/api/messages`)).status),
    );
    expect(new Set(statuses)).toEqual(new Set([503]));
  });

  test('a message that cannot be written is 503 in JSON, and given back in the form', async () => {
    const api = await post('/api/messages', '{"body":"hello"}');
    expect([api.status, await codeOf(api)]).toEqual([503, 'database_unavailable']);
    const form = await post('/messages', 'body=keep+this', 'application/x-www-form-urlencoded');
    expect(form.status).toBe(503);
    expect(await form.text()).toMatch(/keep this<\/textarea/);
  });
});

describe('what is refused', () => {
  test.each([
    ['not JSON', '{', 400, 'invalid_json'],
    ['JSON that is no object', '5', 400, 'message_missing'],
    ['null', 'null', 400, 'message_missing'],
    ['no text', '{"body":" "}', 400, 'message_empty'],
    ['a long text', JSON.stringify({ body: 'x'.repeat(281) }), 400, 'message_too_long'],
    ['a body above 4 KiB', JSON.stringify({ body: 'x'.repeat(4096) }), 413, 'body_too_large'],
  ])('%s', async (_, body, status, code) => {
    const response = await post('/api/messages', body);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  });

  test('a body of 4 KiB is read', async () => {
    const response = await post('/api/messages', '{"body":"x"}'.padEnd(4096));
    expect(await codeOf(response)).toBe('database_unavailable');
  });

  test('a long body that does not say how long it is', async () => {
    const body = new ReadableStream({
      start(controller) {
        for (let piece = 0; piece < 5; piece++) controller.enqueue(new Uint8Array(1024).fill(0x20));
        controller.close();
      },
    });
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
    const response = await fetch(`${site}/api/messages`, init);
    expect([response.status, await codeOf(response)]).toEqual([413, 'body_too_large']);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp'])(
    'a body of type %s',
    async (type) => {
      const response = await post('/api/messages', '{"body":"hello"}', type);
      expect([response.status, await codeOf(response)]).toEqual([415, 'unsupported_type']);
    },
  );

  test.each(['0', '101', '-1', 'all', '1.5', ''])('limit=%s', async (limit) => {
    const response = await fetch(`${site}/api/messages?limit=${limit}`);
    expect([response.status, await codeOf(response)]).toEqual([400, 'invalid_limit']);
  });

  test.each(['abc', '-1', '1e3', '9'.repeat(16)])('message %s', async (id) => {
    const response = await fetch(`${site}/api/messages/${id}`);
    expect([response.status, await codeOf(response)]).toEqual([400, 'invalid_id']);
  });

  test.each(['/nothing', '/api', '/api/messages/', '/healthz/', '/metrics', '//'])('GET %s', async (path) => {
    const response = await fetch(site + path);
    expect([response.status, await codeOf(response)]).toEqual([404, 'not_found']);
  });

  test.each([
    ['DELETE', '/api/messages', 'GET, HEAD, POST'],
    ['GET', '/messages', 'POST'],
    ['POST', '/api/whoami', 'GET, HEAD'],
    ['OPTIONS', '/', 'GET, HEAD'],
  ])('%s %s', async (method, path, allowed) => {
    const response = await fetch(site + path, { method });
    expect([response.status, await codeOf(response)]).toEqual([405, 'method_not_allowed']);
    expect(response.headers.get('allow')).toBe(allowed);
  });
});

describe('what every answer has', () => {
  test.each(['/', '/healthz', '/api/whoami', '/nothing'])('%s names the server and is not kept', async (path) => {
    const response = await fetch(site + path);
    expect(response.headers.get('x-served-by')).toBe('web9');
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  test('HEAD is answered as GET, without a body', async () => {
    const response = await fetch(`${site}/api/whoami`, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(Number(response.headers.get('content-length'))).toBeGreaterThan(10);
    expect(await response.text()).toBe('');
  });
});

test('whoami tells what Nginx vouches for', async () => {
  const headers = { 'x-real-ip': '203.0.113.9', 'x-forwarded-proto': 'https', 'x-forwarded-for': '203.0.113.9' };
  expect(await (await fetch(`${site}/api/whoami`, { headers })).json()).toEqual({
    server: 'web9',
    clientAddress: '203.0.113.9',
    scheme: 'https',
    forwardedFor: '203.0.113.9',
  });
  expect(await (await fetch(`${site}/api/whoami`)).json()).toMatchObject({ scheme: 'http', forwardedFor: null });
});

describe('metrics', () => {
  const count = async (labels: string): Promise<number> => {
    const text = await (await fetch(`${operations}/metrics`)).text();
    return Number(new RegExp(`^http_requests_total\\{${labels}\\} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  };

  test('requests are counted by the pattern of their path, so that paths make no series', async () => {
    const byId = 'route="/api/messages/:id",method="GET",status="503"';
    const unmatched = 'route="unmatched",method="GET",status="404"';
    const before = [await count(byId), await count(unmatched)] as const;
    for (const path of ['/api/messages/12', '/api/messages/13', '/one', '/two']) await fetch(site + path);
    await expect.poll(() => count(byId)).toBe(before[0] + 2);
    await expect.poll(() => count(unmatched)).toBe(before[1] + 2);
  });

  test('there are durations, the application and its pools', async () => {
    const text = await (await fetch(`${operations}/metrics`)).text();
    expect(text).toMatch(/^app_info\{server="web9",node="v\d+[^"]*"\} 1$/m);
    expect(text).toMatch(
      /^http_request_duration_seconds_bucket\{le="0.1",route="[^"]+",method="GET",status="\d+"\} \d+$/m,
    );
    expect(text).toMatch(/^db_pool_connections\{database="replica",state="idle"\} 0$/m);
    expect(text).toMatch(/^db_query_duration_seconds_count\{database="primary",outcome="error"\} [1-9]/m);
  });

  test('the operators’ port has health and no site', async () => {
    expect((await fetch(`${operations}/healthz`)).status).toBe(200);
    expect((await fetch(`${operations}/readyz`)).status).toBe(503);
    expect((await fetch(operations)).status).toBe(404);
  });
});

import { createServer, type RequestListener } from 'node:http';
import { createSecureServer } from 'node:http2';
import { createServer as createSecureHttp1 } from 'node:https';
import { beforeAll, expect, test } from 'vitest';
import { http, httpMany, type HttpAnswer } from '../../../../src/probe/operations/http.ts';
import { testAuthority, type TestAuthority } from '../authority.ts';
import { closedPort, listening } from './listening.ts';

let authority: TestAuthority;
let identity: { cert: string; key: string };
const address = '127.0.0.1';
const host = 'www.foobar.com';

beforeAll(async () => {
  authority = await testAuthority();
  identity = await authority.issue([host]);
});

/** Says what was asked. */
const echo: RequestListener = (request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
  request.on('end', () => {
    response.setHeader('content-type', 'application/json');
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    const { method, url, headers } = request;
    response.statusCode = 201;
    response.end(
      JSON.stringify({ method, url, host: headers.host ?? headers[':authority'], body, x: headers['x-test'] }),
    );
  });
};

const asked = { address, host, method: 'POST', path: '/a?b=c', body: 'wörds', headers: { 'x-test': 'yes' } };
const heard = { method: 'POST', url: '/a?b=c', host, body: 'wörds', x: 'yes' };

test('HTTP: the address is dialled, the host is only said', async () => {
  const port = await listening(createServer(echo));
  const answer = (await http({ ...asked, port })) as HttpAnswer;
  expect(answer).toMatchObject({ ok: true, status: 201, httpVersion: '1.1', remoteAddress: address, truncated: false });
  expect(answer.headers).toMatchObject({ 'content-type': 'application/json', 'set-cookie': 'a=1, b=2' });
  expect(JSON.parse(answer.body)).toEqual(heard);
});

test('HTTPS: the host is the server name, and the authority is believed', async () => {
  const port = await listening(createSecureHttp1(identity, echo));
  const answer = (await http({ ...asked, port, tls: { ca: authority.ca } })) as HttpAnswer;
  expect(JSON.parse(answer.body)).toEqual(heard);
});

test('HTTPS: an unknown authority is a failure, unless nothing is verified', async () => {
  const port = await listening(createSecureHttp1(identity, echo));
  expect(await http({ ...asked, port, tls: {} })).toMatchObject({
    ok: false,
    error: { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  });
  expect(await http({ ...asked, port, tls: { verify: false } })).toMatchObject({ ok: true, status: 201 });
});

test('HTTP/2', async () => {
  const port = await listening(createSecureServer(identity, echo as never) as never);
  const answer = (await http({ ...asked, port, http2: true, tls: { ca: authority.ca } })) as HttpAnswer;
  expect(answer).toMatchObject({ ok: true, status: 201, httpVersion: '2.0', remoteAddress: address });
  expect(JSON.parse(answer.body)).toEqual(heard);
});

test.each([false, true])('HTTP/2 %s: nobody there is a failure', async (http2) => {
  const port = await closedPort();
  expect(await http({ address, port, http2 })).toMatchObject({ ok: false, error: { code: 'ECONNREFUSED' } });
});

test('an answer that never ends is given up', async () => {
  const port = await listening(createServer((_, response) => response.write('a')));
  expect(await http({ address, port, timeoutMs: 100 })).toMatchObject({ ok: false, error: { code: 'TIMEOUT' } });
});

test('a long body is cut', async () => {
  const port = await listening(createServer((_, response) => response.end('a'.repeat(100_000))));
  expect(await http({ address, port, maxBytes: 10 })).toMatchObject({ body: 'aaaaaaaaaa', truncated: true });
});

test('fresh connections differ, a kept one stays', async () => {
  const port = await listening(createServer(echo));
  const requests = Array.from({ length: 4 }, () => ({ address, port }));
  const ports = async (connection: 'fresh' | 'reuse'): Promise<number> => {
    const answers = (await httpMany({ requests, connection })) as HttpAnswer[];
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    return new Set(answers.map(({ localPort }) => localPort)).size;
  };
  expect(await ports('fresh')).toBe(4);
  expect(await ports('reuse')).toBe(1);
});

test('one failure among many leaves the others alone', async () => {
  const port = await listening(createServer(echo));
  const outcomes = await httpMany({
    requests: [
      { address, port },
      { address, port: await closedPort() },
      { address, port },
    ],
  });
  expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
});

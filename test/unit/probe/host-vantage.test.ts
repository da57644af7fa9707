import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { hostVantage } from '../../../src/probe/host-vantage.ts';
import { instantQuery } from '../../../src/probe/prometheus.ts';
import { closedPort, listening } from './operations/listening.ts';

const host = hostVantage();

test('it dials this machine only, whatever the operation', async () => {
  const elsewhere = { address: '192.0.2.1', port: 80 };
  const attempts = [
    () => host.tcp(elsewhere),
    () => host.tcpMany([{ address: '127.0.0.1', port: 1 }, elsewhere]),
    () => host.http(elsewhere),
    () => host.httpMany({ requests: [elsewhere] }),
    () => host.sql({ host: '192.0.2.1', user: 'app', tls: false, statements: ['SELECT 1'] }),
    () => host.command(['ip', 'addr']),
  ];
  for (const attempt of attempts)
    await expect(async () => attempt()).rejects.toThrow(/host vantage|not on this machine/);
});

test('no answer is thrown in words for a report', async () => {
  const port = await closedPort();
  await expect(host.http({ address: '127.0.0.1', port })).rejects.toMatchObject({
    code: 'ECONNREFUSED',
    message: expect.stringContaining(`from this machine, no answer of 127.0.0.1:${port}`) as string,
  });
});

test('a failed connection is the outcome of every statement', async () => {
  const port = await closedPort();
  const outcomes = await host.sql({
    host: '127.0.0.1',
    port,
    user: 'app',
    tls: false,
    statements: ['SELECT 1', 'SELECT 2'],
  });
  const refused = {
    ok: false,
    error: expect.objectContaining({ code: 'ECONNREFUSED', errno: 0, atConnect: true }) as object,
  };
  expect(outcomes).toEqual([refused, refused]);
});

test('instant queries: vectors, scalars, and what Prometheus refuses', async () => {
  const answers: Record<string, unknown> = {
    up: { status: 'success', data: { resultType: 'vector', result: [{ metric: { job: 'web' }, value: [5, '+Inf'] }] } },
    '1': { status: 'success', data: { resultType: 'scalar', result: [5, '1'] } },
    'up{': { status: 'error', error: 'unclosed brace' },
  };
  const port = await listening(
    createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString('utf8')));
      request.on('end', () => response.end(JSON.stringify(answers[new URLSearchParams(body).get('query') ?? ''])));
    }),
  );
  const at = { address: '127.0.0.1', port };
  expect(await instantQuery(host, at, 'up')).toEqual([{ labels: { job: 'web' }, value: Infinity, at: 5 }]);
  expect(await instantQuery(host, at, '1')).toEqual([{ labels: {}, value: 1, at: 5 }]);
  await expect(instantQuery(host, at, 'up{')).rejects.toThrow('unclosed brace');
});

import { createConnection } from 'node:net';
import { once } from 'node:events';
import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Message } from '../../images/inbox/app/mailbox.ts';
import { connect } from '../../src/engine/docker.ts';
import { imageFor } from '../support/images.ts';
import { Hardened, scratch } from './hardened.ts';

let remove: () => Promise<void>;
let inbox: StartedTestContainer;

beforeAll(async () => {
  const { folder, remove: removeFolder } = await scratch();
  remove = removeFolder;
  inbox = await new Hardened(await imageFor('inbox'), 10060, folder).withExposedPorts(25, 8025).start();
});

afterAll(async () => {
  await inbox?.stop();
  await remove?.();
});

beforeEach(async () => {
  await api('/api/messages', { method: 'DELETE' });
});

function api(path: string, options: RequestInit = {}): Promise<Response> {
  return fetch(`http://${inbox.getHost()}:${inbox.getMappedPort(8025)}${path}`, options);
}

async function messages(query = ''): Promise<Message[]> {
  return (await (await api(`/api/messages${query}`)).json()) as Message[];
}

/** Speaks SMTP by hand, so that a test sees each reply; gives the last one. */
async function send(subject: string, body: string, to = ['admin@foobar.com']): Promise<string> {
  const socket = createConnection(inbox.getMappedPort(25), inbox.getHost()).setEncoding('utf8');
  const say = async (line?: string): Promise<string> => {
    if (line !== undefined) socket.write(`${line}\r\n`);
    const [reply] = (await once(socket, 'data')) as [string];
    return reply;
  };
  await say();
  await say('HELO test');
  await say('MAIL FROM:<alertmanager@foobar.com>');
  for (const address of to) await say(`RCPT TO:<${address}>`);
  await say('DATA');
  const reply = await say(`From: alertmanager@foobar.com\r\nSubject: ${subject}\r\n\r\n${body}\r\n.`);
  socket.end('QUIT\r\n');
  return reply;
}

describe('mail', () => {
  test('is kept, newest first, and found by subject and by time', async () => {
    expect(await send('First', 'one')).toMatch(/^250 /);
    expect(await send('=?UTF-8?Q?Se=C3=B1al?=', 'two', ['a@foobar.com', 'b@foobar.com'])).toMatch(/^250 /);
    const [second, first] = await messages();
    expect(first).toMatchObject({
      from: 'alertmanager@foobar.com',
      to: ['admin@foobar.com'],
      subject: 'First',
      text: 'one',
    });
    expect(second).toMatchObject({ to: ['a@foobar.com', 'b@foobar.com'], subject: 'Señal', text: 'two' });
    expect((await messages('?subject=FIRST')).map(({ id }) => id)).toEqual([first?.id]);
    expect((await messages(`?since=${second?.receivedAt}`)).map(({ subject }) => subject)).toContain('Señal');
    expect(await messages(`?since=${new Date(Date.now() + 60_000).toISOString()}`)).toEqual([]);
    expect(await (await api(`/api/messages/${first?.id}`)).json()).toEqual(first);
  });

  test('that is too large is refused and not kept', async () => {
    expect(await send('Large', 'x'.repeat(76).concat('\r\n').repeat(5000))).toMatch(/^552 /);
    expect(await messages()).toEqual([]);
  });

  test('is counted, even when deleted', async () => {
    const count = async (): Promise<number> =>
      Number(/^inbox_messages_total (\d+)$/m.exec(await (await api('/metrics')).text())?.[1]);
    const before = await count();
    await send('Counted', '');
    await api('/api/messages', { method: 'DELETE' });
    expect(await count()).toBe(before + 1);
    expect(await messages()).toEqual([]);
  });
});

describe('the page', () => {
  test('shows mail as text, whatever it holds', async () => {
    await send('<script>alert(1)</script>', '<img src=x onerror=alert(1)>');
    const [message] = await messages();
    for (const path of ['/', `/messages/${message?.id}`]) {
      const response = await api(path);
      const html = await response.text();
      expect(html).toContain('&#60;script&#62;');
      expect(html).not.toMatch(/<script|<img/);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    }
  });
});

describe('the interface', () => {
  test.each([
    ['GET', '/healthz', 200],
    ['GET', '/api/messages/nothing', 404],
    ['GET', '/api/messages?since=yesterday-ish', 400],
    ['GET', '//evil/..', 404],
    ['POST', '/api/messages', 405],
  ])('%s %s gives %i', async (method, path, status) => {
    expect((await api(path, { method })).status).toBe(status);
  });
});

test('it stops at once', async () => {
  const container = (await connect()).getContainer(inbox.getId());
  const started = Date.now();
  await container.stop({ t: 10 });
  expect(Date.parse((await container.inspect()).State.FinishedAt) - started).toBeLessThan(2000);
});

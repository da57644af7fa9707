import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Heartbeat } from './heartbeat.ts';
import type { Mailbox, Query } from './mailbox.ts';
import { listPage, messagePage } from './page.ts';

/** The pages for people and the interface for checks. Nothing on them runs: mail is somebody else's text. */
export function webServer(mailbox: Mailbox, heartbeat: Heartbeat): Server {
  return createServer({ requestTimeout: 5000, headersTimeout: 5000 }, (request, response) => {
    const url = new URL(`http://inbox${request.url?.startsWith('/') ? request.url : '/'}`);
    answer(mailbox, heartbeat, request.method ?? '', url, response);
  });
}

function answer(mailbox: Mailbox, heartbeat: Heartbeat, method: string, url: URL, response: ServerResponse): void {
  const id = /^(?:\/api)?\/messages\/([^/]+)$/.exec(url.pathname)?.[1];
  const isApi = url.pathname.startsWith('/api/');

  if (url.pathname === '/api/messages' && method === 'DELETE') {
    mailbox.clear();
    response.writeHead(204).end();
  } else if (method !== 'GET' && method !== 'HEAD') {
    send(response, 405, 'application/json', '{"error":"method not allowed"}');
  } else if (url.pathname === '/') {
    send(response, 200, 'text/html; charset=utf-8', listPage(mailbox.list(), heartbeat.ageSeconds()));
  } else if (url.pathname === '/api/messages') {
    const query = queryOf(url.searchParams);
    if (query === undefined)
      send(response, 400, 'application/json', '{"error":"since: an ISO 8601 instant is expected"}');
    else send(response, 200, 'application/json', JSON.stringify(mailbox.list(query)));
  } else if (id !== undefined) {
    const message = mailbox.get(id);
    if (message === undefined) send(response, 404, 'application/json', '{"error":"no such message"}');
    else if (isApi) send(response, 200, 'application/json', JSON.stringify(message));
    else send(response, 200, 'text/html; charset=utf-8', messagePage(message));
  } else if (url.pathname === '/api/heartbeat') {
    const { lastAt } = heartbeat;
    const body = { lastAt: lastAt?.toISOString() ?? null, ageSeconds: heartbeat.ageSeconds() ?? null };
    send(response, 200, 'application/json', JSON.stringify(body));
  } else if (url.pathname === '/healthz') {
    send(response, 200, 'application/json', '{"status":"ok"}');
  } else if (url.pathname === '/metrics') {
    send(response, 200, 'text/plain; version=0.0.4', metrics(mailbox, heartbeat));
  } else {
    send(response, 404, 'application/json', '{"error":"not found"}');
  }
}

function queryOf(parameters: URLSearchParams): Query | undefined {
  const query: Query = {};
  const since = parameters.get('since');
  const subject = parameters.get('subject');
  if (since !== null) {
    query.since = new Date(since);
    if (Number.isNaN(query.since.getTime())) return undefined;
  }
  if (subject !== null) query.subject = subject;
  return query;
}

function metrics(mailbox: Mailbox, heartbeat: Heartbeat): string {
  const beat =
    heartbeat.lastAt === undefined
      ? ''
      : `# HELP inbox_heartbeat_seconds When monitoring's heartbeat came last, in Unix time.
# TYPE inbox_heartbeat_seconds gauge
inbox_heartbeat_seconds ${heartbeat.lastAt.getTime() / 1000}
`;
  return `# HELP inbox_messages_total Mails received since the start.
# TYPE inbox_messages_total counter
inbox_messages_total ${mailbox.total}
${beat}`;
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, {
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

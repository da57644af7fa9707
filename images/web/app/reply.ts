import type { ServerResponse } from 'node:http';
import type { HttpError } from './http-error.ts';

export interface Reply {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'Content-Type': 'application/json', ...headers }, body: `${JSON.stringify(value)}\n` };
}

export function page(status: number, body: string): Reply {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body };
}

/** 303 See Other: the browser follows with a GET, so that reloading does not post again (RFC 9110, 15.4.4). */
export function seeOther(location: string): Reply {
  return { status: 303, headers: { Location: location }, body: '' };
}

export function errorReply(error: HttpError): Reply {
  return json(error.status, { error: { code: error.code, message: error.message } }, error.headers);
}

/** Node leaves the body out of the answer to a HEAD by itself. */
export function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, {
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(reply.body);
}

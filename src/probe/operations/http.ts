import type { Agent as HttpAgent, IncomingMessage } from 'node:http';
import { createSecureContext, type SecureContext } from 'node:tls';
import { boundedBytes, boundedTimeout, inParallel } from './bounds.ts';
import { codedError, wireFailure, type WireFailure } from './failure.ts';
import type { Identity } from './identity.ts';
import { localAddressOf } from './local-address.ts';

export interface HttpRequest {
  /** The IP address to dial, whatever the Host header says (like curl's `--resolve`). */
  address: string;
  /** The source address; default what the routes say. */
  localAddress?: string;
  /** Default 80, or 443 with `tls`. */
  port?: number;
  /** The Host header, and the TLS server name unless `tls` has one; default the address. */
  host?: string;
  /** Default `/`. */
  path?: string;
  /** Default `GET`. */
  method?: string;
  headers?: Readonly<Record<string, string>>;
  body?: string;
  /** Use TLS; `ca` is the PEM of the authority to trust, `verify: false` trusts anybody. */
  tls?: { ca?: string; servername?: string; verify?: boolean; identity?: Identity };
  /** Speak HTTP/2 (with `tls`: by ALPN; without: with prior knowledge). */
  http2?: boolean;
  /** For the whole exchange; default 5000. */
  timeoutMs?: number;
  /** How much of the body is kept; default 64 KiB. */
  maxBytes?: number;
}

export interface HttpAnswer {
  ok: true;
  status: number;
  /** Lower-case names; values that came more than once are joined by `, `. */
  headers: Record<string, string>;
  body: string;
  /** The body was longer than `maxBytes`. */
  truncated: boolean;
  httpVersion: string;
  remoteAddress: string;
  /** Port of this side, which tells connections apart. */
  localPort: number;
  ms: number;
}

/** No answer came: TCP, TLS or HTTP itself did not come about. */
export interface HttpFailure {
  ok: false;
  error: WireFailure;
  ms: number;
}

export type HttpOutcome = HttpAnswer | HttpFailure;

export interface HttpManyRequest {
  requests: readonly HttpRequest[];
  /** `fresh` opens a connection for each request (the default), `reuse` sends them over one, in turn. */
  connection?: 'fresh' | 'reuse';
  /** How many at a time with `fresh`; default 8. */
  width?: number;
}

/** One request; what fails on the wire is an outcome, not an exception. */
export async function http(request: HttpRequest): Promise<HttpOutcome> {
  return request.http2
    ? (await import('./http2.ts')).exchange2(request)
    : exchange1(request, await freshConnections(request));
}

/** Many requests; outcomes are in the order of the requests. */
export async function httpMany(request: HttpManyRequest): Promise<HttpOutcome[]> {
  if (request.connection !== 'reuse') return inParallel(request.requests, Math.min(request.width ?? 8, 128), http);
  const secure = request.requests[0]?.tls !== undefined;
  const { Agent } = secure ? await import('node:https') : await import('node:http');
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  try {
    return await inParallel(request.requests, 1, (one) => exchange1(one, agent));
  } finally {
    agent.destroy();
  }
}

let secured: HttpAgent | undefined;

/** A connection for each request; over TLS they share the agent's sessions, as a browser's do. */
async function freshConnections(request: HttpRequest): Promise<HttpAgent | false> {
  if (request.tls === undefined) return false;
  const { Agent } = await import('node:https');
  return (secured ??= new Agent({ keepAlive: false }));
}

async function exchange1(request: HttpRequest, agent: HttpAgent | false): Promise<HttpOutcome> {
  const started = performance.now();
  const since = (): number => Math.round(performance.now() - started);
  const { request: send } = request.tls === undefined ? await import('node:http') : await import('node:https');
  const timeoutMs = boundedTimeout(request.timeoutMs, 5000);
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      clearTimeout(timer);
      resolve({ ok: false, error: wireFailure(error), ms: since() });
      outgoing.destroy();
    };
    const outgoing = send({
      host: request.address,
      port: request.port ?? (request.tls === undefined ? 80 : 443),
      method: request.method ?? 'GET',
      path: request.path ?? '/',
      headers: { host: request.host ?? request.address, ...sized(request.body), ...request.headers },
      agent,
      ...localAddressOf(request),
      ...tlsOptions(request),
    });
    const timer = setTimeout(() => failed(codedError('TIMEOUT', `no whole answer within ${timeoutMs} ms`)), timeoutMs);
    outgoing.on('error', failed);
    outgoing.on('response', (incoming) => {
      const { remoteAddress = '', localPort = 0 } = incoming.socket;
      collect(incoming, boundedBytes(request.maxBytes, 65_536)).then((body) => {
        clearTimeout(timer);
        resolve({
          ok: true,
          status: incoming.statusCode ?? 0,
          headers: flatHeaders(incoming.headers),
          ...body,
          httpVersion: incoming.httpVersion,
          remoteAddress,
          localPort,
          ms: since(),
        });
      }, failed);
    });
    outgoing.end(request.body);
  });
}

function sized(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
}

/** The part of TLS options that HTTP/1 and HTTP/2 share. */
export function tlsOptions(request: HttpRequest): {
  servername?: string;
  rejectUnauthorized?: boolean;
  ca?: string;
  cert?: string;
  key?: string;
  secureContext?: SecureContext;
} {
  if (request.tls === undefined) return {};
  const servername = request.tls.servername ?? request.host?.replace(/:\d+$/, '');
  return {
    rejectUnauthorized: request.tls.verify ?? true,
    ...(servername === undefined ? {} : { servername }),
    // The agent tells by `ca`, `cert` and `key` which sessions it may resume.
    ...(request.tls.ca === undefined ? {} : { ca: request.tls.ca }),
    ...request.tls.identity,
    secureContext: contextFor(request.tls),
  };
}

const contexts = new Map<string, SecureContext>();

/** Reading certificates takes longer than a handshake, and many connections use the same ones. */
function contextFor({ ca, identity }: NonNullable<HttpRequest['tls']>): SecureContext {
  const name = JSON.stringify([ca, identity?.cert]);
  const context = contexts.get(name) ?? createSecureContext({ ...(ca === undefined ? {} : { ca }), ...identity });
  contexts.set(name, context);
  return context;
}

export function flatHeaders(headers: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !name.startsWith(':'))
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : String(value)]),
  );
}

/** Reads a body to its end and keeps its first `maxBytes` bytes. */
export async function collect(
  stream: IncomingMessage | AsyncIterable<Buffer>,
  maxBytes: number,
): Promise<{ body: string; truncated: boolean }> {
  const kept: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (size < maxBytes) kept.push(chunk.subarray(0, maxBytes - size));
    size += chunk.length;
  }
  return { body: Buffer.concat(kept).toString('utf8'), truncated: size > maxBytes };
}

import { connect } from 'node:http2';
import type { Socket } from 'node:net';
import { boundedBytes, boundedTimeout } from './bounds.ts';
import { codedError, wireFailure } from './failure.ts';
import { collect, flatHeaders, tlsOptions, type HttpOutcome, type HttpRequest } from './http.ts';
import { localAddressOf } from './local-address.ts';

/** One request over a connection of its own, in HTTP/2. */
export function exchange2(request: HttpRequest): Promise<HttpOutcome> {
  const started = performance.now();
  const since = (): number => Math.round(performance.now() - started);
  const timeoutMs = boundedTimeout(request.timeoutMs, 5000);
  const scheme = request.tls === undefined ? 'http' : 'https';
  const port = request.port ?? (request.tls === undefined ? 80 : 443);
  const dial = request.address.includes(':') ? `[${request.address}]` : request.address;
  return new Promise((resolve) => {
    const failed = (error: unknown): void => {
      clearTimeout(timer);
      resolve({ ok: false, error: wireFailure(error), ms: since() });
      session.destroy();
    };
    const session = connect(`${scheme}://${dial}:${port}`, { ...localAddressOf(request), ...tlsOptions(request) });
    const timer = setTimeout(() => failed(codedError('TIMEOUT', `no whole answer within ${timeoutMs} ms`)), timeoutMs);
    session.on('error', failed);
    session.once('connect', (_, socket) => {
      const { remoteAddress = '', localPort = 0 } = socket as Socket;
      const stream = session.request({
        ...request.headers,
        ':method': request.method ?? 'GET',
        ':path': request.path ?? '/',
        ':scheme': scheme,
        ':authority': request.host ?? request.address,
      });
      stream.on('error', failed);
      stream.once('response', (headers) => {
        collect(stream, boundedBytes(request.maxBytes, 65_536)).then((body) => {
          clearTimeout(timer);
          resolve({
            ok: true,
            status: Number(headers[':status']),
            headers: flatHeaders(headers),
            ...body,
            httpVersion: '2.0',
            remoteAddress,
            localPort,
            ms: since(),
          });
          session.destroy();
        }, failed);
      });
      stream.end(request.body);
    });
  });
}

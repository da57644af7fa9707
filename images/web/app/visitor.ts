import type { IncomingMessage } from 'node:http';

/** Who asks, as far as Nginx vouches for it. */
export interface Visitor {
  clientAddress: string;
  scheme: 'http' | 'https';
  /** What the balancer put in X-Forwarded-For; null when the request did not come through it. */
  forwardedFor: string | null;
}

/** Reads the headers that Nginx sets itself. Only Nginx can reach the application, so they are believed. */
export function visitorOf(request: IncomingMessage): Visitor {
  return {
    clientAddress: header(request, 'x-real-ip') ?? request.socket.remoteAddress ?? 'unknown',
    scheme: header(request, 'x-forwarded-proto') === 'https' ? 'https' : 'http',
    forwardedFor: header(request, 'x-forwarded-for') ?? null,
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/**
 * Names one request of a visitor. The balancer sends the same name along when it tries a request again on another
 * server, so that what the first one may have written is not written twice.
 */
export function requestId(request: IncomingMessage): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && /^[\w.:-]{1,64}$/.test(given) ? given : randomUUID();
}

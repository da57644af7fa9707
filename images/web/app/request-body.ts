import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';

/** Most bytes of a request's body that are read. */
export const bodyLimit = 4096;

/** Reads a body as UTF-8. Throws 413 above `bodyLimit` bytes and 400 when it is not UTF-8. */
export async function readBody(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > bodyLimit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimit) throw tooLarge();
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (cause) {
    throw new HttpError(400, 'invalid_encoding', 'The body must be UTF-8.', { cause });
  }
}

/** Throws 415 unless the request says that its body is of `type`. */
export function requireType(request: IncomingMessage, type: string): void {
  const given = (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase();
  if (given !== type) throw new HttpError(415, 'unsupported_type', `The body must be ${type}.`);
}

/** The rest of the body is not read, so the connection cannot be used again. */
function tooLarge(): HttpError {
  return new HttpError(413, 'body_too_large', `The body may have at most ${bodyLimit} bytes.`, {
    headers: { Connection: 'close' },
  });
}

import type { IncomingMessage, RequestListener } from 'node:http';
import { HttpError } from './http-error.ts';
import { log } from './log.ts';
import type { HttpMetrics } from './metrics.ts';
import { errorReply, json, send, type Reply } from './reply.ts';
import { matchPath, pickMethod, type Match, type Route } from './router.ts';

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** Answers requests by `routes`: every reply names the server, every error is JSON, every request is counted. */
export function createListener(server: string, routes: readonly Route[], metrics?: HttpMetrics): RequestListener {
  return (request, response) => {
    const started = process.hrtime.bigint();
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    const matches = matchPath(routes, path);
    response.setHeader('X-Served-By', server);
    response.once('close', () => {
      // Label values come from fixed sets: a visitor must not be able to make new series.
      const method = request.method ?? '';
      metrics?.observeRequest(
        {
          route: matches[0]?.route.path ?? 'unmatched',
          method: knownMethods.has(method) ? method : 'other',
          status: response.writableFinished ? String(response.statusCode) : 'aborted',
        },
        Number(process.hrtime.bigint() - started) / 1e9,
      );
    });
    void answer(request, matches, new URLSearchParams(query)).then((reply) => send(response, reply));
  };
}

async function answer(request: IncomingMessage, matches: readonly Match[], query: URLSearchParams): Promise<Reply> {
  try {
    const { route, params } = pickMethod(matches, request.method ?? 'GET');
    return await route.handle({ request, query, params });
  } catch (error) {
    if (error instanceof HttpError) return errorReply(error);
    log('error', 'a request failed', { url: request.url, stack: error instanceof Error ? error.stack : String(error) });
    return json(500, { error: { code: 'internal', message: 'The application failed to answer.' } });
  }
}

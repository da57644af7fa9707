import type { IncomingMessage } from 'node:http';
import { HttpError } from './http-error.ts';
import type { Reply } from './reply.ts';

export interface Call {
  request: IncomingMessage;
  query: URLSearchParams;
  params: Record<string, string>;
}

export interface Route {
  method: 'GET' | 'POST';
  /** Segments that start with a colon are parameters: `/api/messages/:id`. */
  path: string;
  handle(call: Call): Reply | Promise<Reply>;
}

export interface Match {
  route: Route;
  params: Record<string, string>;
}

/** The routes that have this path, whatever their method. */
export function matchPath(routes: readonly Route[], path: string): Match[] {
  return routes.flatMap((route) => {
    const params = parameters(route.path, path);
    return params === undefined ? [] : [{ route, params }];
  });
}

/** Picks by method; HEAD is answered as GET. Throws 404 without matches, and 405 naming what is allowed. */
export function pickMethod(matches: readonly Match[], method: string): Match {
  if (matches.length === 0) throw new HttpError(404, 'not_found', 'There is nothing at this path.');
  const wanted = method === 'HEAD' ? 'GET' : method;
  const match = matches.find(({ route }) => route.method === wanted);
  if (match !== undefined) return match;
  const allowed = matches
    .flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method]))
    .join(', ');
  throw new HttpError(405, 'method_not_allowed', `This path takes ${allowed}.`, { headers: { Allow: allowed } });
}

function parameters(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of wanted.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith(':') && value !== '') params[segment.slice(1)] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}

import type { CheckContext, Observation } from '../check.ts';
import { servicesOf } from '../services.ts';
import { everyServer } from './each-server.ts';
import { unsafeHeaders } from './headers.ts';

/** The web server in front serves the application’s files itself, with types and validators. */
export function staticFiles(context: CheckContext): Promise<Observation> {
  return everyServer(context, 'site.css and about.html, with ETag', (answer) => {
    const [style, about] = [answer('/static/site.css'), answer('/static/about.html')];
    if (style.status !== 200 || about.status !== 200) return `site.css ${style.status}, about.html ${about.status}`;
    const types = [style, about].map(({ headers }) => headers['content-type'] ?? 'no type');
    if (!/^text\/css/.test(types[0] ?? '') || !/^text\/html/.test(types[1] ?? '')) return types.join(' and ');
    return style.headers['etag'] === undefined ? 'no ETag: not served as a file' : undefined;
  });
}

/** Alive, and both databases reached. */
export function applicationReady(context: CheckContext): Promise<Observation> {
  const reached = servicesOf(context.plan, 'database').length === 1 ? 'its database' : 'primary and replica';
  return everyServer(context, `alive, ${reached} reached`, (answer) => {
    const [health, ready] = [answer('/healthz'), answer('/readyz')];
    if (health.status !== 200) return `/healthz ${health.status}`;
    return ready.status === 200 ? undefined : `/readyz ${ready.status} ${ready.body.trim().slice(0, 100)}`;
  });
}

export function pageNamesServer(context: CheckContext): Promise<Observation> {
  return everyServer(context, 'named on the page and in X-Served-By', (answer, { name }) => {
    const page = answer('/');
    if (page.status !== 200) return `the page answered ${page.status}`;
    if (page.headers['x-served-by'] !== name) return `X-Served-By: ${page.headers['x-served-by'] ?? 'nothing'}`;
    const heading = /<h1>\s*([^<]*?)\s*<\/h1>/.exec(page.body)?.[1];
    return heading === name ? undefined : `the page is headed “${heading ?? 'nothing'}”`;
  });
}

/** Pages, files and errors alike. */
export function securityHeaders(context: CheckContext): Promise<Observation> {
  return everyServer(context, 'all four on page, file and error', (answer) => {
    const wrong = (['/', '/static/site.css', '/no-such-page'] as const).flatMap((path) => {
      const problems = unsafeHeaders(answer(path).headers);
      return problems.length === 0 ? [] : [`${path}: ${problems.join(', ')}`];
    });
    return wrong.length === 0 ? undefined : wrong.join('; ');
  });
}

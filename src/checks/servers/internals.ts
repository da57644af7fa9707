import type { ServicePlan } from '../../plan/types.ts';
import { nameOf, type From } from '../../probe/vantages.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { servicesOf } from '../services.ts';
import { siteOf } from '../site.ts';

const hidden = [
  '/metrics',
  '/stub_status',
  '/.env',
  '/.git/config',
  '/static/.htaccess',
  '/static/../app.js',
  '/api/../metrics',
];

/** Asks, as a visitor, for what is nobody's business, and looks for versions in what comes. */
export async function hidesInternals(context: CheckContext): Promise<Observation> {
  const site = await siteOf(context);
  const asks = [...hidden, '/', '/static/site.css', '/no-such-page'].map((path) => ({ path }));
  const [outcomes, ports] = await Promise.all([site.askMany(asks), openPorts(context)]);
  const seen = outcomes.flatMap((outcome, index) => {
    const path = asks[index]?.path ?? '';
    if (!outcome.ok) return [`${path}: ${outcome.error.code}`];
    const given = hidden.includes(path) && outcome.status !== 404 && outcome.status !== 403 && outcome.status !== 400;
    const server = outcome.headers['server'] ?? '';
    return [
      ...(given ? [`${path} answered ${outcome.status}`] : []),
      ...(/\d/.test(server) ? [`Server: ${server}`] : []),
      ...(outcome.headers['x-powered-by'] === undefined ? [] : [`X-Powered-By: ${outcome.headers['x-powered-by']}`]),
      ...(/(nginx|apache|caddy|gunicorn|php|python)\/\d/i.test(outcome.body) ? [`${path} shows a version`] : []),
    ];
  });
  const all = [...new Set([...seen, ...ports])];
  return verdict(
    all.length === 0,
    all.length === 0
      ? `${hidden.length} inner paths are not there, no version is shown, the application listens inside alone`
      : all.join('; '),
  );
}

/** The application's own port, tried by a neighbour in the zone, whom no firewall stops. */
async function openPorts(context: CheckContext): Promise<string[]> {
  const [first, ...others] = servicesOf(context.plan, 'web');
  if (first === undefined) return [];
  // A lone server has no neighbours but strangers.
  const [from, asked]: [From, ServicePlan[]] =
    others.length > 0 ? [{ service: first.name }, others] : [{ zone: first.zone }, [first]];
  const targets = asked.map(({ address }) => ({ address, port: 3000, timeoutMs: 1000 }));
  const outcomes = await context.vantages.from(from).tcpMany(targets);
  return outcomes.flatMap(({ state }, index) =>
    state === 'open' ? [`${asked[index]?.name ?? ''}:3000 is open to ${nameOf(from)}`] : [],
  );
}

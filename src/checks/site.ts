import type { Plan, ServicePlan } from '../plan/types.ts';
import type { HttpAnswer, HttpOutcome, HttpRequest } from '../probe/operations/http.ts';
import type { Vantage } from '../probe/vantage.ts';
import type { Place } from '../plan/places.ts';
import { serverPort } from '../plan/inside.ts';
import { doorOf, isSecure, siteEndpoint, sitePort, siteScheme } from '../plan/site.ts';
import type { CheckContext } from './check.ts';
import { balancerIdentity } from './identity.ts';

/** What of a request is left to say once it is known where it goes. */
export type Ask = Omit<HttpRequest, 'address' | 'port' | 'host' | 'tls'>;

/** How long an answer may take: a machine that runs much else is slow, which is no fault of the lab. */
const patienceMs = 10_000;

/** A way to a service's port: over the published endpoint, or from beside the service itself where there is none (a visitor's, where it is shared). */
export interface Door {
  vantage: Vantage;
  address: string;
  port: number;
}

export function doorTo(context: CheckContext, service: string, port: number): Door {
  const { plan } = context;
  const endpoint = plan.endpoints.find((one) => one.service === service && one.port === port);
  const shared = plan.sharedAddresses.find(({ name }) => name === service);
  if (endpoint === undefined && shared !== undefined)
    return { vantage: context.vantages.from({ zone: 'edge' }), address: shared.address, port };
  return endpoint === undefined
    ? { vantage: context.vantages.from({ service }), address: '127.0.0.1', port }
    : { vantage: context.vantages.host, address: '127.0.0.1', port: endpoint.hostPort };
}

/** The site as a visitor opens it, over HTTPS that must verify where the lab has TLS: from this machine, or from the edge. */
export interface Site {
  /** @throws when no answer comes */
  ask(ask: Ask): Promise<HttpAnswer>;
  tryAsk(ask: Ask): Promise<HttpOutcome>;
  /** Over fresh connections unless told otherwise. */
  askMany(asks: readonly Ask[], how?: { connection?: 'fresh' | 'reuse'; width?: number }): Promise<HttpOutcome[]>;
}

/** @throws when the lab has nobody who serves the site */
export async function siteOf(context: CheckContext): Promise<Site> {
  const { plan } = context;
  const door = siteDoor(plan);
  const endpoint = siteEndpoint(plan);
  const vantage = endpoint === undefined ? context.vantages.from({ zone: 'edge' }) : context.vantages.host;
  const { domain } = plan.lab.site;
  const at = {
    address: endpoint === undefined ? door.address : '127.0.0.1',
    port: endpoint?.hostPort ?? sitePort(plan.lab),
    host: endpoint === undefined ? domain : `${domain}:${endpoint.hostPort}`,
    ...(isSecure(plan.lab) ? { tls: { ca: await context.ca(), servername: domain } } : {}),
  };
  const whole = (ask: Ask): HttpRequest => ({ timeoutMs: patienceMs, ...ask, ...at });
  return {
    ask: (ask) => vantage.http(whole(ask)),
    tryAsk: (ask) => vantage.tryHttp(whole(ask)),
    askMany: (asks, how = {}) => vantage.httpMany({ ...how, requests: asks.map(whole) }),
  };
}

/** A server asked directly, by a stranger in its zone, where no firewall stands between. @throws when no answer comes */
export async function askServer(context: CheckContext, server: ServicePlan, ask: Ask): Promise<HttpAnswer> {
  return context.vantages.from({ zone: server.zone }).http(await directly(context, server, ask));
}

/** The same; no answer is an outcome too. */
export async function tryServer(context: CheckContext, server: ServicePlan, ask: Ask): Promise<HttpOutcome> {
  return context.vantages.from({ zone: server.zone }).tryHttp(await directly(context, server, ask));
}

/** A request to a server itself, as the balancer would make it: where servers ask who comes, with the balancer's certificate. */
export async function directly(context: CheckContext, { name, address }: ServicePlan, ask: Ask): Promise<HttpRequest> {
  const { lab } = context.plan;
  const identity = await balancerIdentity(context);
  const tls = identity === undefined ? {} : { tls: { ca: await context.ca(), servername: name, identity } };
  return { timeoutMs: patienceMs, ...ask, address, port: serverPort(lab), host: lab.site.domain, ...tls };
}

/** `curl` for the site as a person would type it, with the lab's CA where there is TLS, and without DNS. */
export function curlSite(plan: Plan, path: string, more = ''): string {
  const port = siteEndpoint(plan)?.hostPort ?? sitePort(plan.lab);
  const { domain } = plan.lab.site;
  const authority = isSecure(plan.lab) ? `--cacert .lab/${plan.settings.project}/pki/ca.pem ` : '';
  return `curl -s ${more}${authority}--resolve ${domain}:${port}:127.0.0.1 ${siteScheme(plan.lab)}://${domain}:${port}${path}`;
}

/** Where visitors find the site. @throws when nobody serves it */
export function siteDoor(plan: Plan): Place {
  const door = doorOf(plan);
  if (door === undefined) throw new Error('nobody serves the site of this lab');
  return door;
}

/** The JSON of an answer. @throws what was there instead */
export function jsonOf(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.body);
  } catch {
    throw new Error(`answered ${answer.status} with no JSON: ${answer.body.slice(0, 200)}`);
  }
}

/** A property of what may be an object. */
export function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

import type { Lab } from '../lab/schema.ts';
import { serviceOf } from './context.ts';
import type { EndpointPlan, Plan } from './types.ts';

/** Whether visitors come over TLS. */
export function isSecure({ tls }: Pick<Lab, 'tls'>): boolean {
  return tls.outside === 'tls';
}

/** Where the site is served. */
export function sitePort(lab: Pick<Lab, 'tls'>): number {
  return isSecure(lab) ? 443 : 80;
}

export function siteScheme(lab: Pick<Lab, 'tls'>): 'https' | 'http' {
  return isSecure(lab) ? 'https' : 'http';
}

/** Whom visitors ask: the balancer, or the server where there is none. */
export function frontOf(lab: Lab): string | undefined {
  return serviceOf(lab, 'balancer') ?? serviceOf(lab, 'web');
}

/** Where the site is met at the edge: the firewall there, or, without one, whom visitors ask. */
export function siteAddress({ lab, zones, services }: Pick<Plan, 'lab' | 'zones' | 'services'>): string | undefined {
  const edge = zones.find(({ host }) => host !== undefined);
  if (edge?.router !== undefined) return edge.gateway;
  const front = frontOf(lab);
  return services.find(({ name }) => name === front)?.address;
}

/** The site as it is published on this machine. */
export function siteEndpoint({ lab, endpoints }: Pick<Plan, 'lab' | 'endpoints'>): EndpointPlan | undefined {
  const front = frontOf(lab);
  return endpoints.find(({ service, port }) => service === front && port === sitePort(lab));
}

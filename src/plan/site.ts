import type { Lab } from '../lab/schema.ts';
import { serviceOf } from './context.ts';
import { placeNamed, type Place } from './places.ts';
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

/** Whom visitors ask, by name: the address that the balancers share, the one balancer, or the server where there is none. */
export function frontOf(lab: Lab): string | undefined {
  const balancer = serviceOf(lab, 'balancer');
  if (balancer === undefined) return serviceOf(lab, 'web');
  const shared = Object.entries(lab.sharedAddresses).find(([, { among }]) => among.includes(balancer));
  return shared?.[0] ?? balancer;
}

/** Where visitors find the site. */
export function doorOf(plan: Plan): Place | undefined {
  const front = frontOf(plan.lab);
  return front === undefined ? undefined : placeNamed(plan, front);
}

/** Where the site is met at the edge: the firewall there, which passes visitors on; whom they ask, where there is none or it is published nowhere. */
export function siteAddress(plan: Plan): string | undefined {
  const edge = plan.zones.find(({ host }) => host !== undefined);
  const passedOn = edge?.router !== undefined && siteEndpoint(plan) !== undefined;
  return passedOn ? edge.gateway : doorOf(plan)?.address;
}

/** The site as it is published on this machine. */
export function siteEndpoint({ lab, endpoints }: Pick<Plan, 'lab' | 'endpoints'>): EndpointPlan | undefined {
  const front = frontOf(lab);
  return endpoints.find(({ service, port }) => service === front && port === sitePort(lab));
}

import { databasesOf, edgeZone, serviceOf, servicesOf } from '../checks/services.ts';
import type { ServiceKind } from '../lab/schema.ts';
import type { Plan, ServicePlan, ZonePlan } from '../plan/types.ts';

/** The lab lacks what a fault is about. */
export class Lacking extends RangeError {}

/** The first service of a kind. @throws Lacking when the lab has none */
export function the(plan: Plan, kind: ServiceKind): ServicePlan {
  return present(serviceOf(plan, kind), kind);
}

/** The last server: the one that a fault may have for itself. */
export function lastServer(plan: Plan): ServicePlan {
  return present(servicesOf(plan, 'web').at(-1), 'web');
}

export function database(plan: Plan, role: 'primary' | 'replica'): ServicePlan {
  return present(databasesOf(plan, role)[0], role);
}

/** The zone that a service lives in. */
export function zoneOf(plan: Plan, { zone }: Pick<ServicePlan, 'zone'>): ZonePlan {
  return present(
    plan.zones.find(({ name }) => name === zone),
    zone,
  );
}

/** The firewall that guards a service's zone. */
export function guardOf(plan: Plan, service: Pick<ServicePlan, 'zone'>): string {
  return present(zoneOf(plan, service).router, 'firewall');
}

/** The internet side. */
export function edgeOf(plan: Plan): ZonePlan {
  return present(edgeZone(plan), 'edge');
}

/** The firewall on the internet side. */
export function edgeGuard(plan: Plan): string {
  return present(edgeOf(plan).router, 'firewall');
}

function present<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Lacking(`the lab has no ${what}`);
  return found;
}

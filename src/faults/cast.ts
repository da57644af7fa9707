import { databasesOf, edgeZone, serviceOf, servicesOf } from '../checks/services.ts';
import type { ServiceKind } from '../lab/schema.ts';
import type { Plan, ServicePlan, ZonePlan } from '../plan/types.ts';

/** The first service of a kind. @throws RangeError when the lab has none, which `needs` of the fault rules out */
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

/** Whether one database follows another. In a group of databases there is no such thing. */
export function replicates(plan: Plan): boolean {
  return databasesOf(plan, 'replica').length > 0;
}

/** Whether the databases choose their primary by themselves. */
export function isGroup(plan: Plan): boolean {
  return databasesOf(plan, 'member').length > 0;
}

/** The last member of a group of databases. */
export function lastMember(plan: Plan): ServicePlan {
  return present(databasesOf(plan, 'member').at(-1), 'member');
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
  return zoneOf(plan, service).router;
}

/** The internet side. */
export function edgeOf(plan: Plan): ZonePlan {
  return present(edgeZone(plan), 'edge');
}

function present<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new RangeError(`the lab has no ${what}`);
  return found;
}

import { databasesOf, edgeZone, serviceOf, servicesOf } from '../checks/services.ts';
import type { ServiceKind } from '../lab/schema.ts';
import { stackOf, stacks, type StackName } from '../plan/stacks.ts';
import type { Plan, ServicePlan, ZonePlan } from '../plan/types.ts';

/** The first service of a kind. @throws RangeError when the lab has none, which `needs` of the fault rules out */
export function the(plan: Plan, kind: ServiceKind): ServicePlan {
  return present(serviceOf(plan, kind), kind);
}

/** The last server: the one that a fault may have for itself. */
export function lastServer(plan: Plan): ServicePlan {
  return present(servicesOf(plan, 'web').at(-1), 'web');
}

/** The last server of one stack, if there is one. */
export function lastOf(plan: Plan, stack: StackName): ServicePlan | undefined {
  return servicesOf(plan, 'web').findLast(({ name }) => stackOf(plan.lab, name) === stacks[stack]);
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

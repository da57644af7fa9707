import { databasesOf, edgeZone, serviceOf, servicesOf } from '../checks/services.ts';
import type { ServiceKind } from '../lab/schema.ts';
import type { Place } from '../plan/places.ts';
import { doorOf } from '../plan/site.ts';
import { stackOf, stacks, type StackName } from '../plan/stacks.ts';
import type { Plan, ServicePlan, ZonePlan } from '../plan/types.ts';
import type { Change } from './fault.ts';

/** The lab lacks what a fault is about. */
export class Lacking extends RangeError {}

/** The first service of a kind. @throws Lacking when the lab has none */
export function the(plan: Plan, kind: ServiceKind): ServicePlan {
  return present(serviceOf(plan, kind), kind);
}

/** A change on each balancer: where two share an address, one that is well would hide it. */
export function onBalancers(plan: Plan, change: (balancer: string) => Change): Change[] {
  return servicesOf(plan, 'balancer').map(({ name }) => change(name));
}

/** The last of those that share an address. */
export function lastSharing(plan: Plan): string {
  return present(plan.sharedAddresses[0]?.among.at(-1), 'shared address');
}

/** Where visitors find the site. */
export function siteDoor(plan: Plan): Place {
  return present(doorOf(plan), 'balancer');
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

import { databaseRole, plays } from '../lab/plays.ts';
import type { ServiceKind, ServiceOf } from '../lab/schema.ts';
import type { Plan, ServicePlan, ZonePlan } from '../plan/types.ts';

/** A plan's services that do the work of one kind, in the order of `lab.yml`. */
export function servicesOf(plan: Plan, kind: ServiceKind): ServicePlan[] {
  return plan.services.filter((service) => plays(service.kind, kind));
}

/** The first service of a kind, if the plan has it. */
export function serviceOf(plan: Plan, kind: ServiceKind): ServicePlan | undefined {
  return servicesOf(plan, kind)[0];
}

/** Databases of one role. */
export function databasesOf(plan: Plan, role: ServiceOf<'database'>['role']): ServicePlan[] {
  return servicesOf(plan, 'database').filter(({ name }) => databaseRole(plan.lab.services[name]) === role);
}

/** The internet side, where this machine has an address too. */
export function edgeZone(plan: Plan): ZonePlan | undefined {
  return plan.zones.find(({ host }) => host !== undefined);
}

/** `web1, web2 and web3`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

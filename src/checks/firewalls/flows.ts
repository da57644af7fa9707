import type { AllowedFlow, Source } from '../../lab/policy.ts';
import { parseSubnet, formatAddress } from '../../plan/ipv4.ts';
import { placeNamed } from '../../plan/places.ts';
import type { Plan, ServicePlan, ZonePlan } from '../../plan/types.ts';

/** One TCP port of one service, by the address it is reached at. */
export interface Target {
  service: string;
  address: string;
  port: number;
}

/** A documentation address (RFC 5737): nobody has it, so what a firewall lets out by mistake disturbs nobody. */
export const outsideAddress = '198.51.100.1';

/** Zones where something lives, or strangers arrive: all but the transit between the firewalls. */
export function inhabitedZones(plan: Plan): ZonePlan[] {
  return plan.zones.filter(
    ({ name }) => name === 'edge' || plan.services.some((one) => isServer(one) && one.zone === name),
  );
}

export function isServer(service: ServicePlan): boolean {
  return service.kind !== 'firewall';
}

export function targetOf(plan: Plan, { service, port }: { service: string; port: number }): Target {
  const address = placeNamed(plan, service)?.address;
  if (address === undefined) throw new RangeError(`no service ${service}`);
  return { service, address, port };
}

/** Every port that the lab is known to offer anybody: in a flow, to Prometheus, or on this machine. */
export function offered(plan: Plan): Target[] {
  const ports = [
    ...plan.policy.map(({ to }) => to),
    ...plan.services.flatMap(({ scrapes }) => scrapes),
    ...plan.endpoints,
  ].map(({ service, port }) => targetOf(plan, { service, port }));
  return [...new Map(ports.map((target) => [spoken(target), target])).values()];
}

/** `10.77.0.100:80`. */
export function spoken({ address, port }: Pick<Target, 'address' | 'port'>): string {
  return `${address}:${port}`;
}

/** The flows that start in this service's own network namespace: its own, and its zone's. */
export function flowsOfService(plan: Plan, service: ServicePlan): AllowedFlow[] {
  return plan.policy.filter(({ from }) =>
    from.kind === 'service' ? from.service === service.name : from.kind === 'zone' && from.zone === service.zone,
  );
}

/** The flows that a stranger in a zone may use: the zone's. */
export function flowsOfZone(plan: Plan, zone: string): AllowedFlow[] {
  return plan.policy.filter(({ from }) => from.kind === 'zone' && from.zone === zone);
}

/** All that is offered in other zones and that a stranger in this one may not have. */
export function deniedToZone(plan: Plan, zone: string): Target[] {
  return deniedAmong(plan, zone, flowsOfZone(plan, zone));
}

function deniedAmong(plan: Plan, zone: string, flows: readonly AllowedFlow[]): Target[] {
  const allowed = new Set(flows.map(({ to }) => spoken(targetOf(plan, to))));
  return offered(plan).filter((target) => zoneOf(plan, target.service) !== zone && !allowed.has(spoken(target)));
}

export function zoneOf(plan: Plan, service: string): string {
  return placeNamed(plan, service)?.zone ?? '';
}

export function zoneNamed(plan: Plan, name: string): ZonePlan {
  const zone = plan.zones.find((one) => one.name === name);
  if (zone === undefined) throw new RangeError(`no zone ${name}`);
  return zone;
}

/** The firewalls that a flow has to pass or ends at, in its order. */
export function firewallsOnTheWay(plan: Plan, { from, to }: AllowedFlow): string[] {
  return firewallsBetween(plan, from.kind === 'host' ? { kind: 'zone', zone: 'edge' } : from, to.service);
}

/** The firewall of a zone. @throws RangeError where a lab has none */
export function routerOf({ name, router }: ZonePlan): string {
  if (router === undefined) throw new RangeError(`no firewall stands before ${name}`);
  return router;
}

/** The firewalls between a start and a service, or ending at it; none when they are neighbours. What a firewall says itself it lets out. */
export function firewallsBetween(plan: Plan, from: Exclude<Source, { kind: 'host' }>, to: string): string[] {
  const start = from.kind === 'service' ? plan.services.find(({ name }) => name === from.service) : undefined;
  const target = placeNamed(plan, to);
  const zone = from.kind === 'zone' ? from.zone : (start?.zone ?? '');
  if (start?.kind !== 'firewall' && zone === target?.zone) return [];
  const end = isFirewall(plan, to) ? to : routerOf(zoneNamed(plan, target?.zone ?? ''));
  if (start?.kind === 'firewall') return start.name === end ? [] : [end];
  return [...new Set([routerOf(zoneNamed(plan, zone)), end])];
}

function isFirewall(plan: Plan, name: string): boolean {
  return plan.services.some((one) => one.name === name && !isServer(one));
}

/** The router's own addresses that a zone's inhabitants can send to: that zone's gateway and the router's others. */
export function routerAddresses(plan: Plan, zone: ZonePlan): string[] {
  const router = plan.services.find(({ name }) => name === zone.router);
  const gateways = plan.zones.filter((one) => one.router === zone.router).map(({ gateway }) => gateway);
  return [...new Set([zone.gateway, ...gateways, ...(router?.attachments.map(({ address }) => address) ?? [])])];
}

/** What an address that nobody has is used for: one for each use, as all strangers are one container. */
const uses = ['flood', 'spoof', 'invalid'] as const;

/** An address of a zone's subnet that nobody has: below the upper half, which is for probes. @throws when all are taken */
export function spareAddress(plan: Plan, zone: ZonePlan, use: (typeof uses)[number]): string {
  const { base } = parseSubnet(zone.subnet);
  const taken = new Set([
    zone.gateway,
    zone.host,
    ...plan.services.flatMap(({ attachments }) => attachments.map(({ address }) => address)),
    ...plan.sharedAddresses.map(({ address }) => address),
  ]);
  const spares = Array.from({ length: 12 }, (_, index) => formatAddress(base + 15 - index));
  const spare = spares.filter((address) => !taken.has(address))[uses.indexOf(use)];
  if (spare === undefined) throw new RangeError(`no address is left in ${zone.name}`);
  return spare;
}

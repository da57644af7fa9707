import type { AllowedFlow } from '../../lab/policy.ts';
import { answeringAt, placeNamed } from '../../plan/places.ts';
import type { Plan, ServicePlan } from '../../plan/types.ts';
import { linkLocal } from './eui64.ts';
import { firewallsBetween, inhabitedZones, isServer, offered, zoneOf, type Target } from './flows.ts';

export type Protocol = 'tcp' | 'udp';

/** Where a conversation of the matrix starts: a stranger in a zone, or a service itself. */
export type Start = { kind: 'zone'; zone: string } | { kind: 'service'; service: string };

/** One port that a service listens on, by what it says itself. */
export interface Listener {
  service: string;
  protocol: Protocol;
  port: number;
}

/** One cell of the policy matrix: a conversation, and what has to become of it. */
export interface MatrixRow extends Target {
  from: Start;
  /** The zone that it starts in. */
  zone: string;
  protocol: Protocol;
  family: 'IPv4' | 'IPv6';
  /** Neighbours on one link have no firewall between them: the policy has no say there. */
  expected: 'allowed' | 'denied' | 'no-firewall-between';
  /** The flow that allows it. */
  flow?: string;
  /** Firewalls that it meets, in its order. */
  firewalls: readonly string[];
}

/** Ports that nothing listens on and that intruders ask for first: what answers there, even with a refusal, was let through. */
const idlePorts: readonly { protocol: Protocol; port: number }[] = [
  { protocol: 'tcp', port: 22 },
  { protocol: 'udp', port: 53 },
];

/**
 * The policy written out: from every zone and service, to every service, on every port that is offered or in `listening`,
 * and on some that nobody listens on; over IPv6 to everything on the link, which is as far as IPv6 goes in a lab.
 */
export function matrixOf(plan: Plan, listening: readonly Listener[] = []): MatrixRow[] {
  const targets = targetsOf(plan, listening);
  const starts: Start[] = [
    ...inhabitedZones(plan).map(({ name }) => ({ kind: 'zone' as const, zone: name })),
    ...plan.services.map(({ name }) => ({ kind: 'service' as const, service: name })),
  ];
  return [
    ...starts.flatMap((from) =>
      targets.filter(({ service }) => service !== nameOf(from)).map((to) => cell(plan, from, to)),
    ),
    ...inhabitedZones(plan).flatMap(({ name }) => onLink(plan, name, targets)),
  ];
}

type PortOf = Target & { protocol: Protocol };

function targetsOf(plan: Plan, listening: readonly Listener[]): PortOf[] {
  const known = offered(plan).map((target) => ({ ...target, protocol: 'tcp' as const }));
  const places = [...plan.services, ...plan.sharedAddresses];
  // Who listens on all addresses is heard at the one that it shares, too.
  const heard = places.flatMap(({ name }) =>
    listening
      .filter(({ service }) => answeringAt(plan, name).includes(service))
      .flatMap((one) => at(plan, { ...one, service: name })),
  );
  const idle = places.flatMap(({ name }) => idlePorts.flatMap((one) => at(plan, { service: name, ...one })));
  return [...new Map([...known, ...heard, ...idle].map((one) => [spokenRow(one), one])).values()];
}

function at(plan: Plan, { service, protocol, port }: Listener): PortOf[] {
  const address = placeNamed(plan, service)?.address;
  return address === undefined ? [] : [{ service, address, port, protocol }];
}

function cell(plan: Plan, from: Start, to: PortOf): MatrixRow {
  const zone = from.kind === 'zone' ? from.zone : zoneOf(plan, from.service);
  const firewalls = firewallsBetween(plan, from, to.service);
  const flow = to.protocol === 'tcp' ? plan.policy.find((one) => allows(one, from, zone, to)) : undefined;
  return {
    ...to,
    from,
    zone,
    family: 'IPv4',
    expected: firewalls.length === 0 ? 'no-firewall-between' : flow === undefined ? 'denied' : 'allowed',
    ...(flow === undefined || firewalls.length === 0 ? {} : { flow: flow.flow }),
    firewalls,
  };
}

function allows(flow: AllowedFlow, from: Start, zone: string, { service, port }: PortOf): boolean {
  if (flow.to.service !== service || flow.to.port !== port) return false;
  if (flow.from.kind === 'service') return from.kind === 'service' && flow.from.service === from.service;
  return flow.from.kind === 'zone' && flow.from.zone === zone;
}

/** Everything that lives on a link, at the IPv6 address that its kernel would make from its MAC address. */
function onLink(plan: Plan, zone: string, targets: readonly PortOf[]): MatrixRow[] {
  const neighbours = plan.services.flatMap((service) =>
    service.attachments.filter((one) => one.zone === zone).map(({ mac }) => ({ service, mac })),
  );
  return neighbours.flatMap(({ service, mac }) =>
    targets
      .filter((target) => target.service === service.name)
      .map((target) => ({
        ...target,
        address: `${linkLocal(mac)}%${zone}`,
        from: { kind: 'zone' as const, zone },
        zone,
        family: 'IPv6' as const,
        expected: 'denied' as const,
        firewalls: isServer(service) ? [] : [service.name],
      })),
  );
}

/** `web1`, or `a stranger in edge`. */
export function startName(from: Start): string {
  return from.kind === 'service' ? from.service : `a stranger in ${from.zone}`;
}

/** `tcp/10.77.0.100:80`: what a vantage is asked for. */
export function spokenRow({ protocol, address, port }: Pick<MatrixRow, 'protocol' | 'address' | 'port'>): string {
  return `${protocol}/${address}:${port}`;
}

/** `web1 to db-primary:3306`, and over what, where that is not TCP over IPv4. */
export function rowName({ from, service, port, protocol, family }: Omit<MatrixRow, 'expected' | 'firewalls'>): string {
  const over = [...(protocol === 'udp' ? ['UDP'] : []), ...(family === 'IPv6' ? ['IPv6'] : [])].join(' over ');
  return `${startName(from)} to ${service}:${port}${over === '' ? '' : ` (${over})`}`;
}

function nameOf(from: Start): string | undefined {
  return from.kind === 'service' ? from.service : undefined;
}

/** The rows that start at a service, as far as a firewall has a say. */
export function rowsOfService(rows: readonly MatrixRow[], { name }: Pick<ServicePlan, 'name'>): MatrixRow[] {
  return rows.filter(({ from, expected }) => nameOf(from) === name && expected !== 'no-firewall-between');
}

/** The rows that a stranger in a zone tries, as far as a firewall has a say. */
export function rowsOfZone(rows: readonly MatrixRow[], zone: string): MatrixRow[] {
  return rows.filter(
    ({ from, expected }) => from.kind === 'zone' && from.zone === zone && expected !== 'no-firewall-between',
  );
}

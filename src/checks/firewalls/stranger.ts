import type { Plan, ZonePlan } from '../../plan/types.ts';
import type { TcpOutcome, TcpRequest } from '../../probe/operations/tcp.ts';
import { borrowAddress, ipBatch } from '../../probe/strangers.ts';
import type { CheckContext } from '../check.ts';
import { linkLocal } from './eui64.ts';
import {
  deniedToZone,
  flowsOfZone,
  outsideAddress,
  routerAddresses,
  routerOf,
  spareAddress,
  targetOf,
  type Target,
} from './flows.ts';
import { rowsOfZone, type MatrixRow } from './matrix.ts';
import { deniedMs, tryAsStranger, type SeenRow } from './try-rows.ts';

/** One attempt and how it ended. */
export interface Attempt extends Target {
  outcome: TcpOutcome;
}

/** What a stranger in one zone tried, group by group. */
export interface StrangerSaw {
  zone: ZonePlan;
  /** Its part of the policy matrix. */
  rows: SeenRow[];
  /** What is published and is for visitors, at the edge firewall's own address. */
  visited: Attempt[];
  /** Endpoints of this machine that are not for visitors, at the edge firewall's own address. */
  published: Attempt[];
  /** Ports of the zone's firewall itself. */
  router: Attempt[];
  /** An address outside the lab. */
  outside: Attempt[];
  /** With source addresses that cannot come from this zone. */
  spoofed: (Attempt & { source: string })[];
  /** Whether its IPv6 address was its own when it tried: otherwise nothing was sent. */
  ipv6Address: string | undefined;
}

const allowedMs = 3000;
const ownPorts = [22, 53, 9100];
/** Of RFC 5737: nobody's. Each zone has one of its own, as all strangers are one container. */
const foreignSource = (plan: Plan, zone: ZonePlan): string => `203.0.113.${7 + plan.zones.indexOf(zone)}`;

export async function strangerIn(
  context: CheckContext,
  zone: ZonePlan,
  matrix: readonly MatrixRow[],
): Promise<StrangerSaw> {
  const { plan } = context;
  const vantage = context.vantages.from({ zone: zone.name });
  const next = plan.zones[(plan.zones.indexOf(zone) + 1) % plan.zones.length] ?? zone;
  const sources = [spareAddress(plan, next, 'spoof'), foreignSource(plan, zone)];
  const own = await prepare(context, zone, sources);
  const groups = {
    visited: publishedTo(plan, zone).map((target) => ({ ...target, timeoutMs: allowedMs })),
    published: notForVisitors(plan, zone).map(late),
    router: routerPorts(plan, zone).map(late),
    outside: [late({ service: 'outside', address: outsideAddress, port: 443 })],
    spoofed: sources.flatMap((source) =>
      spoofTarget(plan, zone).map((target) => ({ ...late(target), source, localAddress: source })),
    ),
  };
  const requests = Object.values(groups).flat();
  const [rows, outcomes] = await Promise.all([
    tryAsStranger(context, rowsOfZone(matrix, zone.name), own),
    vantage.tcpMany(requests, 256),
  ]);
  const outcomeOf = new Map<TcpRequest, TcpOutcome>(
    requests.map((request, index) => [request, outcomes[index] as TcpOutcome]),
  );
  const attempts = <T extends Target & TcpRequest>(list: readonly T[]): (T & Attempt)[] =>
    list.map((request) => ({ ...request, outcome: outcomeOf.get(request) as TcpOutcome }));
  return {
    zone,
    rows,
    visited: attempts(groups.visited),
    published: attempts(groups.published),
    router: attempts(groups.router),
    outside: attempts(groups.outside),
    spoofed: attempts(groups.spoofed),
    ipv6Address: own,
  };
}

function late<T extends Target>(target: T): T & { timeoutMs: number } {
  return { ...target, timeoutMs: deniedMs };
}

/**
 * Gives the stranger the sources it lies about, a link-local address that is ready at once, and the link-layer addresses of
 * its neighbours: a firewall that does not even answer neighbour discovery must be sent real packets all the same.
 */
async function prepare(
  { plan, vantages }: CheckContext,
  zone: ZonePlan,
  sources: readonly string[],
): Promise<string | undefined> {
  const vantage = vantages.from({ zone: zone.name });
  const address = 'fe80::1ab';
  const lines = [
    ...sources.flatMap((source) => borrowAddress(vantages.zones, zone.name, source)),
    `addr replace ${address}/64 dev ${zone.name} nodad`,
    ...macsIn(plan, zone).map((mac) => `neigh replace ${linkLocal(mac)} lladdr ${mac} dev ${zone.name} nud permanent`),
  ];
  await ipBatch(vantage, lines);
  const { addresses } = await vantage.interfaces();
  const given = addresses.some((one) => one.interface === zone.name && one.address === address);
  return given ? `${address}%${zone.name}` : undefined;
}

function macsIn(plan: Plan, zone: ZonePlan): string[] {
  return plan.services.flatMap(({ attachments }) =>
    attachments.filter((one) => one.zone === zone.name).map(({ mac }) => mac),
  );
}

/** What visitors are to reach at the edge firewall's own address, as it is published. */
function publishedTo(plan: Plan, zone: ZonePlan): Target[] {
  if (zone.host === undefined) return [];
  return flowsOfZone(plan, zone.name)
    .filter(({ to }) => plan.endpoints.some((one) => one.service === to.service && one.port === to.port))
    .map(({ to }) => ({ ...targetOf(plan, to), address: zone.gateway }));
}

function notForVisitors(plan: Plan, zone: ZonePlan): Target[] {
  if (zone.host === undefined) return [];
  const open = flowsOfZone(plan, zone.name).map(({ to }) => `${to.service}:${to.port}`);
  return plan.endpoints
    .filter(({ service, port }) => !open.includes(`${service}:${port}`))
    .map(({ service, port }) => ({ service, address: zone.gateway, port }));
}

function routerPorts(plan: Plan, zone: ZonePlan): Target[] {
  const forwarded = zone.host === undefined ? [] : plan.endpoints.map(({ port }) => port);
  return routerAddresses(plan, zone).flatMap((address) =>
    ownPorts.filter((port) => !forwarded.includes(port)).map((port) => ({ service: routerOf(zone), address, port })),
  );
}

/** Something that is offered behind the firewall, to be asked for under a false address. */
function spoofTarget(plan: Plan, zone: ZonePlan): Target[] {
  const [first] = deniedToZone(plan, zone.name).filter(({ service }) => service !== zone.router);
  return first === undefined ? [] : [first];
}

import type { Plan, ZonePlan } from '../../plan/types.ts';
import type { TcpOutcome, TcpRequest } from '../../probe/operations/tcp.ts';
import { borrowAddress, ipBatch } from '../../probe/strangers.ts';
import type { CheckContext } from '../check.ts';
import { linkLocal, lastGroup } from './eui64.ts';
import {
  deniedToZone,
  flowsOfZone,
  isServer,
  outsideAddress,
  routerAddresses,
  spareAddress,
  targetOf,
  type Target,
} from './flows.ts';

/** One attempt and how it ended. */
export interface Attempt extends Target {
  outcome: TcpOutcome;
}

/** What a stranger in one zone tried, group by group. */
export interface StrangerSaw {
  zone: ZonePlan;
  allowed: Attempt[];
  /** What other zones offer and this one may not have. */
  denied: Attempt[];
  /** Endpoints of this machine that are not for visitors, at the edge firewall's own address. */
  published: Attempt[];
  /** Ports of the zone's firewall itself. */
  router: Attempt[];
  /** An address outside the lab. */
  outside: Attempt[];
  /** With source addresses that cannot come from this zone. */
  spoofed: (Attempt & { source: string })[];
  /** Over IPv6, on the link. */
  ipv6: Attempt[];
  /** Whether its IPv6 address was its own when it tried: otherwise nothing was sent. */
  ipv6Address: string | undefined;
}

/** A denied SYN gets less than the second that the kernel waits before the next one: each is counted once. */
const deniedMs = 800;
const allowedMs = 3000;
const ownPorts = [22, 53, 9100];
/** Of RFC 5737: nobody's. Each zone has one of its own, as all strangers are one container. */
const foreignSource = (plan: Plan, zone: ZonePlan): string => `203.0.113.${7 + plan.zones.indexOf(zone)}`;

export async function strangerIn(context: CheckContext, zone: ZonePlan): Promise<StrangerSaw> {
  const { plan } = context;
  const vantage = context.vantages.from({ zone: zone.name });
  const next = plan.zones[(plan.zones.indexOf(zone) + 1) % plan.zones.length] ?? zone;
  const sources = [spareAddress(plan, next, 'spoof'), foreignSource(plan, zone)];
  const own = await prepare(context, zone, sources);
  const groups = {
    allowed: allowedTo(plan, zone).map((target) => ({ ...target, timeoutMs: allowedMs })),
    denied: deniedToZone(plan, zone.name)
      .filter(({ service }) => service !== zone.router)
      .map(late),
    published: notForVisitors(plan, zone).map(late),
    router: routerPorts(plan, zone).map(late),
    outside: [late({ service: 'outside', address: outsideAddress, port: 443 })],
    spoofed: sources.flatMap((source) =>
      spoofTarget(plan, zone).map((target) => ({ ...late(target), source, localAddress: source })),
    ),
    ipv6: neighbours(plan, zone).map((target) => ({ ...late(target), localAddress: own ?? '::1' })),
  };
  const requests = Object.values(groups).flat();
  const outcomes = await vantage.tcpMany(requests, 256);
  const outcomeOf = new Map<TcpRequest, TcpOutcome>(
    requests.map((request, index) => [request, outcomes[index] as TcpOutcome]),
  );
  const attempts = <T extends Target & TcpRequest>(list: readonly T[]): (T & Attempt)[] =>
    list.map((request) => ({ ...request, outcome: outcomeOf.get(request) as TcpOutcome }));
  return {
    zone,
    allowed: attempts(groups.allowed),
    denied: attempts(groups.denied),
    published: attempts(groups.published),
    router: attempts(groups.router),
    outside: attempts(groups.outside),
    spoofed: attempts(groups.spoofed),
    ipv6: attempts(groups.ipv6),
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
    ...macsIn(plan, zone).map(
      ({ mac }) => `neigh replace ${linkLocal(mac)} lladdr ${mac} dev ${zone.name} nud permanent`,
    ),
  ];
  await ipBatch(vantage, lines);
  const { addresses } = await vantage.interfaces();
  const given = addresses.some((one) => one.interface === zone.name && one.address === address);
  return given ? `${address}%${zone.name}` : undefined;
}

function macsIn(plan: Plan, zone: ZonePlan): { service: string; mac: string; server: boolean }[] {
  return plan.services.flatMap((service) =>
    service.attachments
      .filter((one) => one.zone === zone.name)
      .map(({ mac }) => ({ service: service.name, mac, server: isServer(service) })),
  );
}

/** Ports of everything that lives on the link: what a service offers anyway, and of a firewall its own. */
function neighbours(plan: Plan, zone: ZonePlan): Target[] {
  return macsIn(plan, zone).flatMap(({ service, mac, server }) => {
    const scraped = plan.services.find(({ name }) => name === service)?.scrapes.map(({ port }) => port) ?? [];
    const flows = plan.policy.filter(({ to }) => to.service === service).map(({ to }) => to.port);
    const ports = new Set([...scraped, ...flows, ...(server ? [] : [...ownPorts, 80, 443])]);
    return [...ports].map((port) => ({
      service: `${service} [${lastGroup(mac)}]`,
      address: `${linkLocal(mac)}%${zone.name}`,
      port,
    }));
  });
}

/** What a zone may have: directly, and for what is published, at the edge firewall's own address too. */
function allowedTo(plan: Plan, zone: ZonePlan): Target[] {
  return flowsOfZone(plan, zone.name).flatMap(({ to }) => {
    const target = targetOf(plan, to);
    const published =
      zone.host !== undefined && plan.endpoints.some((one) => one.service === to.service && one.port === to.port);
    return published ? [target, { ...target, address: zone.gateway }] : [target];
  });
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
    ownPorts.filter((port) => !forwarded.includes(port)).map((port) => ({ service: zone.router, address, port })),
  );
}

/** Something that is offered behind the firewall, to be asked for under a false address. */
function spoofTarget(plan: Plan, zone: ZonePlan): Target[] {
  const [first] = deniedToZone(plan, zone.name).filter(({ service }) => service !== zone.router);
  return first === undefined ? [] : [first];
}

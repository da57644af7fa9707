import type { Lab } from '../lab/schema.ts';
import type { AttachmentPlan, Settings, ZonePlan } from './types.ts';
import { formatAddress, parseSubnet } from './ipv4.ts';

/** A zone is a /27: its lower half for the lab, its upper half for probes. */
const zonePrefix = 27;
const zoneSize = 32;
/** Where services start; 1 is the gateway, 2 the router's own address. */
const firstService = 4;
const firstProbe = 16;

/** How many zones fit in one lab's /24. */
export const zonesPerLab = 256 / zoneSize;
/** How many services fit in one zone. */
export const servicesPerZone = firstProbe - firstService;

/**
 * The address of every zone, cut from the block in the order of `lab.yml`.
 * @throws RangeError when the block is not a /24
 */
export function planZones(lab: Lab, { block, project }: Pick<Settings, 'block' | 'project'>): ZonePlan[] {
  const { base, prefix } = parseSubnet(block);
  if (prefix !== 24) throw new RangeError(`a lab takes a /24, not ${block}`);
  return Object.entries(lab.zones).map(([name, zone], index) => {
    const start = base + index * zoneSize;
    const gateway = formatAddress(start + 1);
    return {
      name,
      network: networkName(project, name),
      subnet: `${formatAddress(start)}/${zonePrefix}`,
      prefix: zonePrefix,
      // On the edge the host is the gateway, and the firewall is a neighbour of the visitors. Without a firewall nobody has its
      // address, and what is sent there is lost: nothing leaves the lab.
      gateway: name === 'edge' ? formatAddress(start + 2) : gateway,
      ...(name === 'edge' ? { host: gateway } : {}),
      ...(zone.router === undefined ? {} : { router: zone.router }),
      probeRange: `${formatAddress(start + firstProbe)}/28`,
    };
  });
}

/**
 * Engines before gw_priority let names decide which network carries published ports, in alphabetical
 * order: `edge` has to come before the inner ones.
 */
function networkName(project: string, zone: string): string {
  return `${project}_${zone === 'edge' ? '' : 'inner-'}${zone}`;
}

/** Where each service stands: firewalls on `core` and every zone they route, others and shared addresses in their zone. */
export function planAttachments(lab: Lab, zones: readonly ZonePlan[]): Map<string, AttachmentPlan[]> {
  const next = new Map(zones.map((zone) => [zone.name, firstService]));
  const attachments = new Map<string, AttachmentPlan[]>();
  let transit = 2;
  for (const [name, service] of Object.entries(lab.services)) {
    if (service.kind === 'firewall') {
      const onCore = transit++;
      const routed = zones.filter((zone) => zone.name !== 'core' && zone.router === name);
      const core = zones.find((zone) => zone.name === 'core');
      const list = routed.map((zone) => attach(zone, 2, zone.name === 'edge'));
      if (core !== undefined) list.push(attach(core, onCore, !list.some((attachment) => attachment.first)));
      attachments.set(name, list);
    } else {
      const zone = zones.find((candidate) => candidate.name === service.zone);
      if (zone === undefined) throw new RangeError(`no zone ${service.zone}`);
      const offset = next.get(zone.name) ?? firstService;
      next.set(zone.name, offset + 1);
      attachments.set(name, [attach(zone, offset, true)]);
    }
  }
  // Last, so that no service moves when an address is shared.
  for (const [name, { among }] of Object.entries(lab.sharedAddresses)) {
    const [home] = attachments.get(among[0] ?? '') ?? [];
    const zone = zones.find((candidate) => candidate.name === home?.zone);
    if (zone === undefined) throw new RangeError(`nobody shares ${name}`);
    const offset = next.get(zone.name) ?? firstService;
    next.set(zone.name, offset + 1);
    attachments.set(name, [attach(zone, offset, true)]);
  }
  return attachments;
}

function attach(zone: ZonePlan, offset: number, first: boolean): AttachmentPlan {
  const address = parseSubnet(zone.subnet).base + offset;
  return { zone: zone.name, address: formatAddress(address), mac: macOf(address), first };
}

/** The fixed MAC of an address, in Docker's own locally administered range 02:42. */
export function macOf(address: number): string {
  const octets = [24, 16, 8, 0].map((shift) => ((address >>> shift) & 255).toString(16).padStart(2, '0'));
  return ['02', '42', ...octets].join(':');
}

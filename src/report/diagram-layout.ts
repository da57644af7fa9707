import type { Plan, ServicePlan, ZonePlan } from '../plan/types.ts';
import type { Entrance } from './diagram-model.ts';
import { drawnZones, entrances } from './diagram-model.ts';

export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface PlacedService extends Box {
  service: ServicePlan;
}

export interface PlacedZone extends Box {
  zone: ZonePlan;
  services: PlacedService[];
  entrances: { entrance: Entrance; x: number; y: number }[];
}

export interface PlacedLink {
  from: [number, number];
  to: [number, number];
  label?: string;
}

/** Everything of the drawing with its place, in pixels. */
export interface Layout {
  width: number;
  height: number;
  host: Box;
  zones: PlacedZone[];
  firewalls: PlacedService[];
  core: Box | undefined;
  links: PlacedLink[];
}

export const card = { width: 136, height: 64, gap: 12, perRow: 3 };
const firewall = { width: 184, height: 64 };
const margin = 28;
const gap = 44;
const zoneHead = 34;
const zonePad = 14;
const lineHeight = 18;
const hostHeight = 92;
const titleHeight = 60;
/** The row of endpoints must fit. */
const leastWidth = 640;
const coreHeight = 40;

/**
 * Visitors at the top; below them the edge firewall with its zones at its sides; then the transit zone, and under it
 * the other firewalls, each over its zones.
 */
export function layOut(plan: Plan): Layout {
  const edgeRouter = plan.zones.find(({ name }) => name === 'edge')?.router;
  const sized = drawnZones(plan).map((zone) => sizeZone(plan, zone));
  if (edgeRouter === undefined) return oneNetwork(sized);
  const beside = sized.filter(({ zone }) => zone.router === edgeRouter);
  const sides = [beside.filter((_, index) => index % 2 === 0), beside.filter((_, index) => index % 2 === 1)] as const;
  const below = plan.services
    .filter(({ kind, name }) => kind === 'firewall' && name !== edgeRouter)
    .map((service) => ({ service, zones: sized.filter(({ zone }) => zone.router === service.name) }));

  const lowerWidths = below.map(({ zones }) => Math.max(firewall.width, widest(zones)));
  const lowerWidth = sum(lowerWidths) + gap * Math.max(0, below.length - 1);
  const [left, right] = sides.map((zones) => (zones.length === 0 ? 0 : widest(zones) + gap)) as [number, number];
  const upperWidth = left + firewall.width + right;
  const inner = Math.max(upperWidth, lowerWidth, leastWidth);
  const width = inner + 2 * margin;
  const middle = margin + (inner - upperWidth) / 2 + left + firewall.width / 2;
  const links: PlacedLink[] = [];

  const host = { x: margin, y: titleHeight, width: inner, height: hostHeight };

  // The edge firewall, and its zones left and right of it.
  const rowTop = host.y + host.height + gap;
  const rowHeight = Math.max(firewall.height, ...sides.map((zones) => stackHeight(zones)));
  const centre = { x: middle - firewall.width / 2, y: rowTop + (rowHeight - firewall.height) / 2, ...firewall };
  const edge = plan.services.find(({ name }) => name === edgeRouter);
  const firewalls: PlacedService[] = edge === undefined ? [] : [{ service: edge, ...centre }];
  links.push({
    from: [middle, host.y + host.height],
    to: [middle, centre.y],
    label: plan.zones.find(({ name }) => name === 'edge')?.subnet ?? '',
  });
  sides.forEach((zones, side) => {
    let y = rowTop + (rowHeight - stackHeight(zones)) / 2;
    for (const zone of zones) {
      move(zone, side === 0 ? centre.x - gap - zone.width : centre.x + firewall.width + gap, y);
      const level =
        centre.y + firewall.height / 2 + (zones.length > 1 ? (zones.indexOf(zone) - (zones.length - 1) / 2) * 20 : 0);
      const target = Math.min(Math.max(level, zone.y + 16), zone.y + zone.height - 16);
      links.push(
        side === 0
          ? { from: [centre.x, level], to: [zone.x + zone.width, target] }
          : { from: [centre.x + firewall.width, level], to: [zone.x, target] },
      );
      y += zone.height + gap / 2;
    }
  });

  // The transit zone, and the other firewalls below it.
  let bottom = rowTop + rowHeight;
  const core = below.length === 0 ? undefined : { x: margin, y: bottom + gap, width: inner, height: coreHeight };
  if (core !== undefined) {
    links.push({ from: [middle, centre.y + firewall.height], to: [middle, core.y] });
    let x = margin + (inner - lowerWidth) / 2;
    below.forEach(({ service, zones }, index) => {
      const column = lowerWidths[index] ?? firewall.width;
      const axis = x + column / 2;
      const box = { x: axis - firewall.width / 2, y: core.y + core.height + gap, ...firewall };
      firewalls.push({ service, ...box });
      links.push({ from: [axis, core.y + core.height], to: [axis, box.y] });
      let y = box.y + box.height + gap;
      for (const zone of zones) {
        move(zone, axis - zone.width / 2, y);
        links.push({ from: [axis, y - gap], to: [axis, y] });
        y += zone.height + gap;
      }
      bottom = Math.max(bottom, y - gap);
      x += column + gap;
    });
  }
  return { width, height: bottom + margin, host, zones: sized, firewalls, core, links };
}

/** Without firewalls: visitors at the top, and below them the network in which everything is. */
function oneNetwork(zones: PlacedZone[]): Layout {
  const inner = Math.max(leastWidth, widest(zones));
  const host = { x: margin, y: titleHeight, width: inner, height: hostHeight };
  const links: PlacedLink[] = [];
  let y = host.y + host.height;
  for (const zone of zones) {
    move(zone, margin + (inner - zone.width) / 2, y + gap);
    const middle = zone.x + zone.width / 2;
    links.push({ from: [middle, y], to: [middle, zone.y] });
    y = zone.y + zone.height;
  }
  return { width: inner + 2 * margin, height: y + margin, host, zones, firewalls: [], core: undefined, links };
}

/** A zone at the origin with its services in rows, and what is let in below them. */
function sizeZone(plan: Plan, zone: ZonePlan): PlacedZone {
  const order = Object.keys(plan.lab.services);
  const members = plan.services
    .filter((service) => service.zone === zone.name && service.kind !== 'firewall')
    .sort((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
  const columns = Math.max(1, Math.min(card.perRow, members.length));
  const rows = Math.ceil(members.length / columns);
  const lets = entrances(plan, zone.name);
  const cardsWidth = columns * card.width + (columns - 1) * card.gap;
  const textWidth = Math.max(200, ...lets.map((entrance) => textLength(entrance)));
  const width = Math.max(cardsWidth, textWidth) + 2 * zonePad;
  const services = members.map((service, index) => ({
    service,
    x: zonePad + (index % columns) * (card.width + card.gap),
    y: zoneHead + Math.floor(index / columns) * (card.height + card.gap),
    width: card.width,
    height: card.height,
  }));
  const cardsBottom = zoneHead + rows * card.height + Math.max(0, rows - 1) * card.gap;
  const height = cardsBottom + 12 + lets.length * lineHeight + 10;
  return {
    zone,
    x: 0,
    y: 0,
    width,
    height,
    services,
    entrances: lets.map((entrance, index) => ({ entrance, x: zonePad, y: cardsBottom + 22 + index * lineHeight })),
  };
}

/** What an entrance says in the drawing. */
export function entranceText({ from, ports }: Entrance): { from: string; ports: string } {
  return { from: from.join(', '), ports: ports.join(', ') };
}

/** Without a font at hand: 6.3 pixels a character is ample for 11.5-pixel text. */
function textLength(entrance: Entrance): number {
  const { from, ports } = entranceText(entrance);
  return (from.length + ports.length + 3) * 6.3;
}

function move(zone: PlacedZone, x: number, y: number): void {
  zone.x = x;
  zone.y = y;
  for (const inner of [...zone.services, ...zone.entrances]) {
    inner.x += x;
    inner.y += y;
  }
}

function widest(zones: readonly PlacedZone[]): number {
  return Math.max(0, ...zones.map(({ width }) => width));
}

function stackHeight(zones: readonly PlacedZone[]): number {
  return sum(zones.map(({ height }) => height)) + (Math.max(1, zones.length) - 1) * (gap / 2);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

import { servicesOf } from '../checks/services.ts';
import { serverPort } from '../plan/inside.ts';
import type { Plan, ZonePlan } from '../plan/types.ts';

/** All allowed ports between two services that carry the site's own traffic, not its monitoring. */
export interface Conversation {
  from: string;
  to: string;
  ports: number[];
}

/** The zones that are boxes: `edge` and `core` are lines between firewalls, where there are any. */
export function drawnZones(plan: Plan): ZonePlan[] {
  return plan.zones.filter(({ name, router }) => router === undefined || (name !== 'edge' && name !== 'core'));
}

/** Who talks to whom for a visitor's request; watching would draw a line from everything to everything. */
export function conversations(plan: Plan): Conversation[] {
  if (plan.zones.every(({ router }) => router === undefined)) return unguarded(plan);
  const serving = new Set(
    plan.services
      .filter(({ kind }) => kind === 'balancer' || kind === 'web' || kind === 'database')
      .map(({ name }) => name),
  );
  const found = new Map<string, Conversation>();
  for (const { from, to } of plan.policy) {
    if (from.kind !== 'service' || !serving.has(from.service) || !serving.has(to.service)) continue;
    const key = `${from.service} ${to.service}`;
    const known = found.get(key) ?? { from: from.service, to: to.service, ports: [] };
    found.set(key, { ...known, ports: [...known.ports, to.port] });
  }
  return [...found.values()];
}

/** Without firewalls there are no flows that say it: everybody may talk to everybody, and these do. */
function unguarded(plan: Plan): Conversation[] {
  const [balancers, servers, databases] = (['balancer', 'web', 'database'] as const).map((kind) =>
    servicesOf(plan, kind).map(({ name }) => name),
  ) as [string[], string[], string[]];
  const each = (starts: string[], ends: string[], port: number): Conversation[] =>
    starts.flatMap((from) => ends.filter((to) => to !== from).map((to) => ({ from, to, ports: [port] })));
  return [...each(balancers, servers, serverPort(plan.lab)), ...each(servers, databases, 3306)];
}

/** Who may reach a zone, and on which ports: sources that may reach the same ports stand together. */
export interface Entrance {
  ports: number[];
  from: string[];
}

/** What the policy lets into a zone, in the order of `lab.yml`. */
export function entrances(plan: Plan, zone: string): Entrance[] {
  const inside = new Set(
    [...plan.services, ...plan.sharedAddresses].filter((place) => place.zone === zone).map(({ name }) => name),
  );
  const bySource = new Map<string, Set<number>>();
  for (const { from, to } of plan.policy) {
    if (!inside.has(to.service)) continue;
    const source =
      from.kind === 'host' ? 'this machine' : from.kind === 'zone' ? `anyone in ${from.zone}` : from.service;
    bySource.set(source, (bySource.get(source) ?? new Set()).add(to.port));
  }
  const byPorts = new Map<string, Entrance>();
  for (const [source, ports] of bySource) {
    const sorted = [...ports].sort((a, b) => a - b);
    const known = byPorts.get(sorted.join());
    if (known === undefined) byPorts.set(sorted.join(), { ports: sorted, from: [source] });
    else known.from.push(source);
  }
  return [...byPorts.values()];
}

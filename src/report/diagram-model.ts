import type { Plan } from '../plan/types.ts';

/** All allowed ports between two services that carry the site's own traffic, not its monitoring. */
export interface Conversation {
  from: string;
  to: string;
  ports: number[];
}

/** Who talks to whom for a visitor's request; watching would draw a line from everything to everything. */
export function conversations(plan: Plan): Conversation[] {
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

import type { Adaptation, Surroundings } from '../submission.ts';
import { changeDirectives, type Directive, isProxy } from './haproxy-directives.ts';
import { replaced } from './haproxy-words.ts';
import { type Change, shown } from './lines.ts';
import { isOwn, serverAddress, type ServerAddress } from './server-address.ts';

type Server = Surroundings['servers'][number];

/**
 * Servers of another network become the lab's web servers, in the order in which distinct addresses appear: what was one server
 * stays one. Ports stay, a missing one too. With more addresses than servers it begins again with the first.
 */
export const haproxyServers: Adaptation = (text, { servers }) => {
  if (servers.length === 0) return { text, notes: [] };
  const places = placesFor(hostsIn(text), servers);
  return changeDirectives(text, (directive) => {
    const replacements = new Map<number, string>();
    const notes: string[] = [];
    for (const { index, address } of addressesOf(directive)) {
      const place = places.get(address.host.toLowerCase());
      if (place === undefined || place.address === address.host) continue;
      const own = address.port === ':80' && place.port !== 80 ? `:${place.port}` : address.port;
      replacements.set(index, hostIn(place, address) + own);
      notes.push(
        `${shown(address.host)}: the lab’s server ${place.name} (${place.address})${portNote(address, own, place)}`,
      );
    }
    if (notes.length === 0) return undefined;
    return { text: replaced(directive.line, directive.words, replacements), note: notes.join('; ') } satisfies Change;
  });
};

/** Where addresses stand in a directive: the server's own, and the one its health check goes to. */
function addressesOf({ section, values }: Directive): { index: number; address: ServerAddress }[] {
  if (!isProxy(section) || values[0] !== 'server') return [];
  const at = [2];
  for (let index = 3; index + 1 < values.length; index += 1) if (values[index] === 'addr') at.push(index + 1);
  return at.flatMap((index) => {
    const address = serverAddress(values[index] ?? '/');
    return address === undefined || isOwn(address.host) ? [] : [{ index, address }];
  });
}

function hostsIn(text: string): Set<string> {
  const hosts = new Set<string>();
  changeDirectives(text, (directive) => {
    for (const { address } of addressesOf(directive)) hosts.add(address.host.toLowerCase());
    return undefined;
  });
  return hosts;
}

/** Those that name a server of the lab keep it; the others share those that are left. */
function placesFor(hosts: ReadonlySet<string>, servers: readonly Server[]): Map<string, Server> {
  const places = new Map<string, Server>();
  for (const server of servers) {
    for (const known of [server.address, server.name.toLowerCase()]) if (hosts.has(known)) places.set(known, server);
  }
  const taken = new Set(places.values());
  const free = servers.filter((server) => !taken.has(server));
  const order = [...free, ...servers];
  let next = 0;
  for (const host of hosts) {
    if (places.has(host)) continue;
    places.set(host, next < order.length ? order[next]! : servers[(next - order.length) % servers.length]!);
    next += 1;
  }
  return places;
}

function hostIn(place: Server, { family, port }: ServerAddress): string {
  const kept = /6@$/.test(family) !== place.address.includes(':') ? '' : family;
  return kept + (place.address.includes(':') && port !== '' ? `[${place.address}]` : place.address);
}

function portNote(address: ServerAddress, own: string, place: Server): string {
  if (own !== address.port) return `, at its port ${place.port}`;
  if (own === '') return ', still without a port';
  return own === ':80' ? '' : `, still with the port ${shown(own.slice(1))}`;
}

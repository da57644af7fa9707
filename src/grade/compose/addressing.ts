import { macOf } from '../../plan/addresses.ts';
import { formatAddress, parseAddress, parseSubnet } from '../../plan/ipv4.ts';
import type { Described, DescribedNetwork } from './described.ts';
import type { Findings } from './findings.ts';

export interface NetworkAddresses {
  name: string;
  /** All in the student's own block. */
  subnet: string;
  gateway: string;
  /** Where containers of the grader get their addresses: no service is there. */
  probeRange?: string;
}

export interface StationAddress {
  address: string;
  mac: string;
}

/** Where everything stands, in the student's own addresses. */
export interface Addressing {
  /** The student's /24, or ours where the student names none. */
  block: string;
  networks: ReadonlyMap<string, NetworkAddresses>;
  /** By service, then by network. */
  stations: ReadonlyMap<string, ReadonlyMap<string, StationAddress>>;
}

/** A /27 as in the lab, for a network whose subnet the student leaves open. */
const openPrefix = 27;

/** Completes the addresses of a project within one /24. */
export function addressing({ networks, services }: Described, ours: string, findings: Findings): Addressing {
  const block = blockOf(networks, ours, findings);
  const taken = networks.flatMap(({ subnet }) => (subnet === undefined ? [] : [range(subnet)]));
  for (const network of networks) {
    const own = network.subnet === undefined ? undefined : range(network.subnet);
    const other =
      own &&
      taken.find((one) => one !== own && one.first <= own.last && own.first <= one.last && one.text !== own.text);
    const same = own === undefined ? 0 : taken.filter(({ text }) => text === own.text).length;
    if (other !== undefined || same > 1)
      findings.refuse('COMPOSE_SUBNET', network.at, `${network.subnet} overlaps another network’s subnet`);
  }
  const stations = new Map<string, Map<string, StationAddress>>(services.map(({ name }) => [name, new Map()]));
  const complete = networks.flatMap((network): NetworkAddresses[] => {
    const subnet = network.subnet ?? free(block, taken);
    if (subnet === undefined) {
      findings.refuse(
        'COMPOSE_SUBNET',
        network.at,
        `no room for ${network.name} in ${block}: name a subnet for each network`,
      );
      return [];
    }
    if (network.subnet === undefined) taken.push(range(subnet));
    return [settle({ ...network, subnet }, services, stations, findings)];
  });
  return { block, networks: new Map(complete.map((network) => [network.name, network])), stations };
}

function blockOf(networks: readonly DescribedNetwork[], ours: string, findings: Findings): string {
  const given = networks.filter(({ subnet }) => subnet !== undefined);
  const blocks = given.map(({ subnet }) => `${formatAddress((parseSubnet(subnet ?? '').base & 0xffffff00) >>> 0)}/24`);
  const odd = blocks.findIndex((block) => block !== blocks[0]);
  const at = given[odd]?.at;
  if (at !== undefined)
    findings.refuse(
      'COMPOSE_SUBNET',
      at,
      `all subnets lie in one /24, as those of the lab do: ${blocks[odd]} is not ${blocks[0]}`,
    );
  return blocks[0] ?? ours;
}

interface Range {
  text: string;
  first: number;
  last: number;
}

function range(subnet: string): Range {
  const { base, prefix } = parseSubnet(subnet);
  return { text: subnet, first: base, last: base + 2 ** (32 - prefix) - 1 };
}

function free(block: string, taken: readonly Range[]): string | undefined {
  const { base } = parseSubnet(block);
  return Array.from({ length: 8 }, (_, index) => `${formatAddress(base + index * 32)}/${openPrefix}`).find((subnet) => {
    const { first, last } = range(subnet);
    return taken.every((one) => one.last < first || last < one.first);
  });
}

/** Gives each service of a network its address there: the student's, or the next free one. */
function settle(
  network: DescribedNetwork & { subnet: string },
  services: Described['services'],
  stations: ReadonlyMap<string, Map<string, StationAddress>>,
  findings: Findings,
): NetworkAddresses {
  const { first, last } = range(network.subnet);
  const gateway = network.gateway === undefined ? first + 1 : parseAddress(network.gateway);
  if (gateway <= first || gateway >= last)
    findings.refuse(
      'COMPOSE_SUBNET',
      network.at,
      `the gateway ${network.gateway} is not an address of ${network.subnet}`,
    );
  const used = new Map<number, string>([[gateway, 'the gateway']]);
  const joined = services.flatMap((service) =>
    service.networks
      .filter(({ network: name }) => name === network.name)
      .map((attachment) => ({ name: service.name, ...attachment })),
  );
  for (const { name, address, at } of joined) {
    if (address === undefined) continue;
    const number = parseAddress(address);
    const other = used.get(number);
    if (number <= first || number >= last)
      findings.refuse('COMPOSE_ADDRESS', at, `${name}: ${address} is not an address of ${network.subnet}`);
    else if (other !== undefined) findings.refuse('COMPOSE_ADDRESS', at, `${name}: ${address} is ${other} already`);
    used.set(number, name);
  }
  const cards = new Map<string, string>();
  for (const { name, address, mac, at } of joined) {
    const number = address === undefined ? next(first + 4, last, used) : parseAddress(address);
    if (number === undefined) {
      findings.refuse('COMPOSE_ADDRESS', at, `${name}: ${network.subnet} is full`);
      continue;
    }
    used.set(number, name);
    // As the engine derives it, so that a firewall's files can name it.
    const card = mac ?? macOf(number);
    if (cards.has(card))
      findings.refuse('COMPOSE_ADDRESS', at, `${name}: ${card} is the card of ${cards.get(card)} already`);
    cards.set(card, name);
    stations.get(name)?.set(network.name, { address: formatAddress(number), mac: card });
  }
  const probeRange = largestFree(first, last, [...used.keys()]);
  return {
    name: network.name,
    subnet: network.subnet,
    gateway: formatAddress(gateway),
    ...(probeRange === undefined ? {} : { probeRange }),
  };
}

function next(from: number, last: number, used: ReadonlyMap<number, string>): number | undefined {
  for (let address = from; address < last; address++) if (!used.has(address)) return address;
  return undefined;
}

/** The largest part of a subnet, from its end, in which no address is used. */
function largestFree(first: number, last: number, used: readonly number[]): string | undefined {
  for (let size = (last - first + 1) / 2; size >= 4; size /= 2) {
    for (let start = last + 1 - size; start >= first; start -= size) {
      if (used.every((address) => address < start || address >= start + size))
        return `${formatAddress(start)}/${32 - Math.log2(size)}`;
    }
  }
  return undefined;
}

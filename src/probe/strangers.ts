import ipaddr from 'ipaddr.js';
import type { AgentChannel } from './agent-channel.ts';
import type { InterfaceAddress } from './operations/interfaces.ts';
import type { Vantage } from './vantage.ts';

/** A zone that a stranger stands in. */
export interface StrangerZone {
  name: string;
  /** Its Docker network. */
  network: string;
  /** `10.77.0.96/27`. */
  subnet: string;
  /** The address of its router. */
  gateway: string;
}

/** The stranger's own address in each zone. */
export type StrangerAddresses = ReadonlyMap<string, string>;

/**
 * Makes one container that is attached to every zone into a stranger in each: its interfaces are called after the zones, and what
 * has a zone's source address leaves by that zone's interface, through that zone's router. There is no other route, so nothing
 * gets from one zone into another past a firewall.
 * @throws when it lacks an interface, or `ip` fails
 */
export async function settleStrangers(
  channel: AgentChannel,
  zones: readonly StrangerZone[],
): Promise<StrangerAddresses> {
  const { addresses } = await channel.call('interfaces', {});
  const places = zones.map((zone) => {
    const found = addresses.find(({ family, address }) => family === 'IPv4' && contains(zone.subnet, address));
    if (found === undefined) throw new Error(`no interface in ${zone.name}`);
    return { zone, found };
  });
  const lines = [
    ...places.flatMap(({ zone, found }, index) => settle(zone, found, index)),
    // What carries no zone's address must go nowhere.
    'rule del priority 32766',
  ];
  const { exitCode, stderr } = await channel.call('command', {
    argv: ['ip', '-batch', '-'],
    stdin: `${lines.join('\n')}\n`,
  });
  if (exitCode !== 0) throw new Error(`cannot give the stranger its routes: ${stderr.trim()}`);
  return new Map(places.map(({ zone, found }) => [zone.name, found.address]));
}

/**
 * Takes the stranger off the links. The engine gives its addresses to the next container at once, while the kernel takes its
 * time to remove this one's interfaces: until then two would answer for the same address.
 */
export async function leaveZones(channel: AgentChannel, zones: readonly StrangerZone[]): Promise<void> {
  const stdin = zones.map(({ name }) => `link set dev ${name} down\n`).join('');
  await channel.call('command', { argv: ['ip', '-force', '-batch', '-'], stdin, timeoutMs: 1000 });
}

/** Runs lines of `ip` for a stranger, each whatever became of those before. */
export async function ipBatch(vantage: Vantage, lines: readonly string[]): Promise<void> {
  await vantage.command(['ip', '-force', '-batch', '-'], { stdin: `${lines.join('\n')}\n` });
}

/** The routing table of a zone, by its place among the stranger's zones. */
function tableOf(index: number): number {
  return 100 + index;
}

function settle(zone: StrangerZone, { interface: name, address }: InterfaceAddress, index: number): string[] {
  const table = tableOf(index);
  return [
    `link set dev ${name} down`,
    `link set dev ${name} name ${zone.name}`,
    `link set dev ${zone.name} up`,
    `route add ${zone.subnet} dev ${zone.name} src ${address} table ${table}`,
    `route add default via ${zone.gateway} dev ${zone.name} table ${table}`,
    `rule add from ${address} lookup ${table} priority ${table}`,
  ];
}

/** Lines for `ip -batch` that let the stranger speak from another address in a zone, its own or a false one. */
export function borrowAddress(zones: readonly StrangerZone[], zone: string, address: string): string[] {
  return [`addr replace ${address}/32 dev ${zone}`, `rule add ${rule(zones, zone, address)}`];
}

/** Lines that take it back. */
export function returnAddress(zones: readonly StrangerZone[], zone: string, address: string): string[] {
  return [`rule del ${rule(zones, zone, address)}`, `addr del ${address}/32 dev ${zone}`];
}

function rule(zones: readonly StrangerZone[], zone: string, address: string): string {
  const table = tableOf(zones.findIndex(({ name }) => name === zone));
  return `from ${address} lookup ${table} priority ${table}`;
}

function contains(subnet: string, address: string): boolean {
  return ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(subnet));
}

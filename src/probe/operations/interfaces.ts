import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';

export interface InterfaceAddress {
  interface: string;
  address: string;
  family: 'IPv4' | 'IPv6';
  prefix: number;
  mac: string;
}

export interface Route {
  family: 'IPv4' | 'IPv6';
  interface: string;
  /** `10.0.0.0/24`; the default route is `0.0.0.0/0` or `::/0`. */
  destination: string;
  /** `null`: on the link itself. */
  gateway: string | null;
  metric: number;
}

/** The addresses and routes of the network namespace this runs in; of loopback too. */
export async function interfaces(): Promise<{ addresses: InterfaceAddress[]; routes: Route[] }> {
  const [v4, v6] = await Promise.all(['/proc/net/route', '/proc/net/ipv6_route'].map(readOrNothing));
  const addresses = Object.entries(networkInterfaces()).flatMap(([name, list = []]) =>
    list.map((one) => ({
      interface: name,
      address: one.address,
      family: one.family,
      prefix: Number(one.cidr?.split('/')[1] ?? 0),
      mac: one.mac,
    })),
  );
  return { addresses, routes: [...parseRoutes4(v4 ?? ''), ...parseRoutes6(v6 ?? '')] };
}

// A kernel without IPv6 has no such file.
function readOrNothing(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

/** Reads `/proc/net/route`: addresses are hexadecimal words in host byte order (little-endian here). */
export function parseRoutes4(text: string): Route[] {
  return lines(text)
    .slice(1)
    .map((line) => line.split(/\s+/))
    .map(([name = '', destination = '', gateway = '', , , , metric = '0', mask = '']) => ({
      family: 'IPv4' as const,
      interface: name,
      destination: `${address4(destination)}/${bits(mask)}`,
      gateway: /^0+$/.test(gateway) ? null : address4(gateway),
      metric: Number(metric),
    }));
}

/** Reads `/proc/net/ipv6_route`; routes of loopback, which the kernel lists several times, are left out. */
export function parseRoutes6(text: string): Route[] {
  return lines(text)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[9] !== 'lo')
    .map(([destination = '', prefix = '0', , , gateway = '', metric = '0', , , , name = '']) => ({
      family: 'IPv6' as const,
      interface: name,
      destination: `${address6(destination)}/${parseInt(prefix, 16)}`,
      gateway: /^0+$/.test(gateway) ? null : address6(gateway),
      metric: parseInt(metric, 16),
    }));
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line.trim() !== '');
}

function address4(hex: string): string {
  return (hex.match(/../g) ?? [])
    .map((byte) => parseInt(byte, 16))
    .reverse()
    .join('.');
}

function address6(hex: string): string {
  const groups = (hex.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ''));
  // The URL parser shortens an address as RFC 5952 asks.
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function bits(mask: string): number {
  return parseInt(mask || '0', 16)
    .toString(2)
    .replaceAll('0', '').length;
}

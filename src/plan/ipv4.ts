import ipaddr from 'ipaddr.js';

/** An IPv4 subnet as numbers: its first address and its prefix length in bits. */
export interface Subnet {
  base: number;
  prefix: number;
}

/**
 * Reads CIDR notation and takes its network address.
 * @throws Error when it is not IPv4 in CIDR notation
 */
export function parseSubnet(cidr: string): Subnet {
  const [address, prefix] = ipaddr.IPv4.parseCIDR(cidr);
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
  return { base: (toNumber(address) & mask) >>> 0, prefix };
}

/** @throws Error when it is not an IPv4 address */
export function parseAddress(address: string): number {
  return toNumber(ipaddr.IPv4.parse(address));
}

export function formatAddress(address: number): string {
  return [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join('.');
}

function toNumber(address: ipaddr.IPv4): number {
  const [a = 0, b = 0, c = 0, d = 0] = address.octets;
  return ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
}

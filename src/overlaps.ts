import ipaddr from 'ipaddr.js';

/** Whether two IPv4 subnets in CIDR notation share an address. @throws Error when one is not IPv4 in CIDR notation */
export function overlaps(a: string, b: string): boolean {
  const [addressA, prefixA] = ipaddr.IPv4.parseCIDR(a);
  const [addressB, prefixB] = ipaddr.IPv4.parseCIDR(b);
  return addressA.match(addressB, Math.min(prefixA, prefixB));
}

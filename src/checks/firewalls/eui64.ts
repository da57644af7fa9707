/** The link-local IPv6 address that a kernel makes from a MAC address (RFC 4291, appendix A). */
export function linkLocal(mac: string): string {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(':').map((octet) => parseInt(octet, 16));
  const groups = [((a ^ 2) << 8) | b, (c << 8) | 0xff, 0xfe00 | d, (e << 8) | f];
  return `fe80::${groups.map((group) => group.toString(16)).join(':')}`;
}

/** The end of that address, to tell neighbours apart. */
export function lastGroup(mac: string): string {
  return linkLocal(mac).split(':').slice(-2).join(':');
}

import { formatAddress, parseSubnet } from './ipv4.ts';

/** Labs take their /24s from here: 10.64.0.0 to 10.127.255.0, away from what home routers and offices use. */
const pool = parseSubnet('10.64.0.0/10');
const blocks = 2 ** (24 - 10);
/** 10.77.0.0/24: where seed 0 starts. */
const firstIndex = 13 * 256;

/** The /24 that a seed leads to. */
export function blockOf(seed: number): string {
  return blockAt(firstIndex + Math.abs(Math.trunc(seed)) * 7);
}

/** `block` and the 255 that follow it, in the order in which they are tried. */
export function blocksFrom(block: string): string[] {
  const index = (parseSubnet(block).base - pool.base) / 256;
  return Array.from({ length: 256 }, (_, step) => blockAt(index + step));
}

function blockAt(index: number): string {
  const wrapped = ((index % blocks) + blocks) % blocks;
  return `${formatAddress(pool.base + wrapped * 256)}/24`;
}

import { createHash } from 'node:crypto';

/** What is tried of a server, by protocol. */
export interface Sample {
  allowed: readonly number[];
  /** TCP ports on which something listens and which nobody should reach. */
  others: readonly number[];
  udp: readonly number[];
}

/** What servers often listen on without anybody having thought of it. */
const usual = { tcp: [21, 23, 25, 3306, 5432, 8080], udp: [53, 123, 161] } as const;
/** ufw lets these in by itself: DHCP answers, and names and services on the local link. */
const ofTheLink = [68, 546, 1900, 5353];

/** A choice of ports that nobody could know: the same for the same `seed`, which is secret and fresh for each grading. */
export function samplePorts(seed: string, allowed: readonly number[]): Sample {
  const taken = new Set([...allowed, ...usual.tcp, ...usual.udp, ...ofTheLink]);
  const draw = (count: number, name: string): number[] => {
    const drawn: number[] = [];
    for (let turn = 0; drawn.length < count; turn += 1) {
      const port = 1 + (createHash('sha256').update(`${seed}/${name}/${turn}`).digest().readUInt32BE() % 65_535);
      if (taken.has(port)) continue;
      taken.add(port);
      drawn.push(port);
    }
    return drawn;
  };
  const without = (ports: readonly number[]): number[] => ports.filter((port) => !allowed.includes(port));
  return {
    allowed,
    others: [...without(usual.tcp), ...draw(12, 'tcp')],
    udp: [...without(usual.udp), ...draw(6, 'udp')],
  };
}

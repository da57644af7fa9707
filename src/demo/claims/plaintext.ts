import { hearSecret, words, type HeardSecret, type HeardZone } from '../../checks/tls/secret.ts';
import { verdict } from '../../checks/check.ts';
import { servicesOf } from '../../checks/services.ts';
import type { HeardPacket } from '../../probe/pcap.ts';
import type { Claim } from './claim.ts';

/** The first weakness: from the balancer on, what a visitor sends can be read. */
export const readableBehindTheBalancer: Claim = {
  id: 'plaintext.readable-behind-the-balancer',
  title: 'Whoever listens in the servers’ zone reads the visitor’s secret',
  run: async (context) => {
    const heard = await hearSecret(context);
    const { zone, packets, readable } = zoneOf(heard, servicesOf(context.plan, 'web')[0]?.zone);
    const [first] = readable;
    return {
      ...verdict(
        first !== undefined,
        `in ${zone}: ${packets.length} packets, the secret ${heard.secret} in ${readable.length}`,
      ),
      ...(first === undefined ? {} : { exhibit: shown(first, heard.secret) }),
    };
  },
};

/** The other side of it: on the visitor's side of the balancer there is nothing to be read. */
export const unreadableAtTheEdge: Claim = {
  id: 'plaintext.unreadable-at-the-edge',
  title: 'Whoever listens on the visitor’s side of the balancer reads nothing',
  run: async (context) => {
    const heard = await hearSecret(context);
    const { zone, packets, readable } = zoneOf(heard, 'edge');
    const toSite = packets.filter(({ destinationPort }) => destinationPort === 443);
    const [first] = toSite;
    return {
      ...verdict(
        toSite.length > 0 && readable.length === 0,
        `in ${zone}: ${packets.length} packets, ${toSite.length} of them to port 443, the secret ${heard.secret} in ${readable.length}`,
      ),
      ...(first === undefined ? {} : { exhibit: shown(first, heard.secret) }),
    };
  },
};

function zoneOf({ zones }: HeardSecret, name: string | undefined): HeardZone {
  const found = zones.find(({ zone }) => zone === name);
  if (found === undefined) throw new Error(`nobody listened in ${name ?? 'any zone'}`);
  return found;
}

const linesShown = 8;

/** A packet as tcpdump -A shows it: dots for what is no letter. */
function shown(packet: HeardPacket, secret: string): string {
  const lines = packet.payload
    .toString('latin1')
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\n\x20-\x7e]/g, '.')
    .split('\n')
    .flatMap((line) => line.match(/.{1,80}/g) ?? []);
  const at = lines.findIndex((line) => line.includes(secret));
  const from = at < linesShown ? 0 : at - linesShown + 1;
  const some = lines.slice(from, from + linesShown);
  const marked = some.map((line) => (line.includes(secret) ? `${line}      ◀ the secret` : line));
  return [words(packet), ...marked, ...(lines.length > from + linesShown ? ['…'] : [])].join('\n');
}

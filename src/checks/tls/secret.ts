import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';
import { serverPort } from '../../plan/inside.ts';
import { packetsIn, type HeardPacket } from '../../probe/pcap.ts';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { posting, removeMessages } from '../messages.ts';
import { servicesOf } from '../services.ts';
import { field, jsonOf, siteOf } from '../site.ts';

/** What was heard in one zone while a secret went through the site. */
export interface HeardZone {
  zone: string;
  /** All that carried something. */
  packets: readonly HeardPacket[];
  /** Those in which the secret can be read. */
  readable: readonly HeardPacket[];
}

export interface HeardSecret {
  secret: string;
  zones: readonly HeardZone[];
}

/**
 * Sends a secret through the site as a visitor, in a header and as a message that is stored, replicated and read again, while every
 * zone is listened to.
 */
export async function hearSecret(context: CheckContext): Promise<HeardSecret> {
  const secret = randomBytes(12).toString('hex');
  const zones = context.plan.zones.map(({ name }) => name);
  const capture = await context.listen(zones, 'tcp');
  const heard = Promise.all([...capture.streams].map(async ([zone, stream]) => [zone, await buffer(stream)] as const));
  const ids: number[] = [];
  try {
    const site = await siteOf(context);
    await site.ask({ path: '/api/whoami', headers: { cookie: `session=${secret}` } });
    const id = field(jsonOf(await site.ask(posting(secret))), 'id');
    ids.push(Number(id));
    await untilRead(context, `/api/messages/${String(id)}`);
  } finally {
    await capture.stop().finally(() => removeMessages(context, secret, ids));
  }
  return {
    secret,
    zones: (await heard).map(([zone, file]) => {
      const packets = packetsIn(file).filter(({ payload }) => payload.length > 0);
      return { zone, packets, readable: packets.filter(({ payload }) => payload.includes(secret)) };
    }),
  };
}

const readDeadlineMs = 5000;

/** Reads come from the replica, where a message arrives a moment later. */
async function untilRead(context: CheckContext, path: string): Promise<void> {
  const site = await siteOf(context);
  const deadline = performance.now() + readDeadlineMs;
  for (;;) {
    const answer = await site.tryAsk({ path });
    if (answer.ok && answer.status === 200) return;
    if (performance.now() > deadline) throw new Error(`${path} cannot be read within ${readDeadlineMs / 1000} s`);
    await sleep(50);
  }
}

/** Passes when each part of the way was heard, and the secret nowhere. */
export async function secretUnseen(context: CheckContext): Promise<Observation> {
  const { zones } = await hearSecret(context);
  const unheard = wayOf(context).flatMap(({ zone, port }) => {
    const packets = zones.find((one) => one.zone === zone)?.packets ?? [];
    const there = packets.some(({ destinationPort }) => destinationPort === port);
    return there ? [] : [`nothing to port ${port} was heard in ${zone}`];
  });
  const seen = zones.flatMap(({ zone, readable }) => readable.map((packet) => `readable in ${zone}: ${words(packet)}`));
  const counts = zones.map(({ zone, packets }) => `${zone} ${packets.length}`).join(', ');
  const wrong = [...unheard, ...seen];
  return verdict(
    wrong.length === 0,
    wrong.length === 0 ? `packets heard: ${counts}; the secret in none` : wrong.join('; '),
  );
}

/** Where conversations of the site must be heard, if anything is heard at all: by zone and port. */
function wayOf({ plan }: CheckContext): { zone: string; port: number }[] {
  const zoneOf = (kind: 'balancer' | 'web' | 'database'): string[] => servicesOf(plan, kind).map(({ zone }) => zone);
  const way = [
    ...zoneOf('balancer').map((zone) => ({ zone, port: 443 })),
    ...zoneOf('web').map((zone) => ({ zone, port: serverPort(plan.lab) })),
    ...zoneOf('database').map((zone) => ({ zone, port: 3306 })),
  ];
  return [...new Map(way.map((one) => [`${one.zone} ${one.port}`, one])).values()];
}

/** `10.77.0.68:40000 → 10.77.0.100:80`. */
export function words({ source, sourcePort, destination, destinationPort }: HeardPacket): string {
  return `${source}:${sourcePort} → ${destination}:${destinationPort}`;
}

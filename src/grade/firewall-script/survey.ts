import { setTimeout as sleep } from 'node:timers/promises';
import { machineError } from '../../errors.ts';
import type { TcpState } from '../../probe/operations/tcp.ts';
import type { UdpState } from '../../probe/operations/udp.ts';
import type { Ground } from './ground.ts';
import type { Sample } from './ports.ts';

/** What a stranger finds at a server: a state by port. */
export interface Survey {
  v4: ReadonlyMap<number, TcpState>;
  v6: ReadonlyMap<number, TcpState>;
  udp: ReadonlyMap<number, UdpState>;
}

/** Knocks at every port of the sample at once; what should be open and seems not to be is tried a second time. */
export async function survey({ stranger, v4, v6 }: Ground, { allowed, others, udp }: Sample): Promise<Survey> {
  const knock = async (address: string): Promise<Map<number, TcpState>> => {
    const ports = [...allowed, ...others];
    const outcomes = await stranger.tcpMany(ports.map((port) => ({ address, port, timeoutMs: 1500 })));
    const states = new Map(ports.map((port, index) => [port, outcomes[index]?.state ?? 'unroutable']));
    const doubtful = allowed.filter((port) => states.get(port) === 'filtered');
    const again = await stranger.tcpMany(doubtful.map((port) => ({ address, port, timeoutMs: 3500 })));
    doubtful.forEach((port, index) => states.set(port, again[index]?.state ?? 'unroutable'));
    return states;
  };
  const ask = async (): Promise<Map<number, UdpState>> => {
    const once = (ports: readonly number[]): Promise<UdpState[]> =>
      Promise.all(ports.map(async (port) => (await stranger.udp({ address: v4, port, timeoutMs: 1000 })).state));
    const states = new Map((await once(udp)).map((state, index) => [udp[index] ?? 0, state]));
    // Before there were rules the same stranger asked the same ports: where it happens to speak from the same port again, the
    // kernel takes it for that conversation, and lets the answer through. From another port it does not.
    const answered = udp.filter((port) => states.get(port) === 'open');
    (await once(answered)).forEach((state, index) => states.set(answered[index] ?? 0, state));
    return states;
  };
  const [overV4, overV6, datagrams] = await Promise.all([knock(v4), knock(v6), ask()]);
  return { v4: overV4, v6: overV6, udp: datagrams };
}

/** How long a server may take until all its ports answer, in milliseconds. */
const readyWithinMs = 8000;

/**
 * The control: without rules every port answers, over IPv4, IPv6 and UDP. Otherwise silence would prove nothing.
 * @throws machineError SERVER_NOT_READY
 */
export async function withoutRules(ground: Ground, sample: Sample, signal: AbortSignal): Promise<void> {
  const until = performance.now() + readyWithinMs;
  const tcp = [...sample.allowed, ...sample.others];
  const targets = [ground.v4, ground.v6].flatMap((address) => tcp.map((port) => ({ address, port, timeoutMs: 1500 })));
  for (;;) {
    signal.throwIfAborted();
    const [tcpOutcomes, udpOutcomes] = await Promise.all([
      ground.stranger.tcpMany(targets),
      Promise.all(sample.udp.map((port) => ground.stranger.udp({ address: ground.v4, port, timeoutMs: 1000 }))),
    ]);
    const silent = targets.filter((_, index) => tcpOutcomes[index]?.state !== 'open');
    const mute = sample.udp.filter((_, index) => udpOutcomes[index]?.state !== 'open');
    if (silent.length === 0 && mute.length === 0) return;
    if (performance.now() > until) {
      throw machineError('SERVER_NOT_READY', {
        message: 'The server that stands behind the rules did not answer on all its ports before they were loaded.',
        found: [...silent.map(({ address, port }) => `${address}:${port}`), ...mute.map((port) => `UDP ${port}`)]
          .slice(0, 8)
          .join(', '),
        fix: 'Grade again with fewer at a time (`--jobs`).',
      });
    }
    await sleep(100, undefined, { signal });
  }
}

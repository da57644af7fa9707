import { setTimeout as sleep } from 'node:timers/promises';
import { PassThrough, type Duplex, type Readable } from 'node:stream';
import type Docker from 'dockerode';
import { machineError } from '../errors.ts';
import { openAgent, type OpenAgent } from './container-vantage.ts';
import { ownerOfThisProcess } from './owner.ts';

export interface CaptureOptions {
  docker: Docker;
  project: string;
  /** Reference of the image `probe`. */
  image: string;
  /** Where to listen: zones with their Docker networks. */
  zones: readonly { name: string; network: string }[];
  /** What to keep (pcap-filter(7)); default everything. */
  filter?: string;
  /** `pcap`, the default: packets in pcap's file format. `text`: tcpdump's own words, with what the packets carry. */
  format?: 'pcap' | 'text';
}

/** What goes through zones while it runs. */
export interface Capture {
  /** The packets of each zone as they come; each ends with `stop`. They must be read. */
  streams: ReadonlyMap<string, Readable>;
  stop(): Promise<void>;
}

/** Packets come whole; the largest that a bridge of the lab carries is far smaller. */
const wholePacket = '65535';

/**
 * Listens on the zones' bridges, where every packet of a zone passes, also between two neighbours. Returns once it hears.
 * @throws `PROBE_FAILED` when it cannot listen; nothing is left behind
 */
export async function startCapture({
  docker,
  project,
  image,
  zones,
  filter,
  format,
}: CaptureOptions): Promise<Capture> {
  const agent = await openAgent({
    docker,
    project,
    image,
    owner: ownerOfThisProcess(),
    place: 'links',
    name: 'a listener on the zones’ links',
  });
  try {
    const opened = await Promise.all(
      zones.map(async ({ name, network }) => {
        const bridge = await bridgeOf(docker, network);
        return [name, await listen(docker, agent, bridge, { format, filter })] as const;
      }),
    );
    const streams = opened.map(([, stream]) => stream);
    return { streams: new Map(opened), stop: () => stop(docker, agent, streams) };
  } catch (error) {
    await agent.close();
    const found = error instanceof Error ? error.message : String(error);
    throw machineError('PROBE_FAILED', { message: 'cannot listen to the zones', found }, error);
  }
}

/** The engine calls a bridge after its network's id, unless the network says otherwise. */
async function bridgeOf(docker: Docker, network: string): Promise<string> {
  const { Id, Options } = (await docker.getNetwork(network).inspect()) as Docker.NetworkInspectInfo;
  return Options?.['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`;
}

async function listen(
  docker: Docker,
  agent: OpenAgent,
  bridge: string,
  { format = 'pcap', filter }: { format: CaptureOptions['format']; filter: string | undefined },
): Promise<Readable> {
  const how = format === 'pcap' ? ['-U', '-w', '-'] : ['-l', '-A', '-q'];
  // Otherwise packets wait in a buffer that is thrown away at the end.
  const argv = ['tcpdump', '-i', bridge, '-n', '-s', wholePacket, '-Z', 'root', '--immediate-mode', ...how];
  const exec = await docker.getContainer(agent.containerId).exec({
    Cmd: filter === undefined ? argv : [...argv, filter],
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream: Duplex = await exec.start({ hijack: true, stdin: false });
  const [packets, words] = [new PassThrough(), new PassThrough()];
  docker.modem.demuxStream(stream, packets, words);
  await hears(stream, words);
  stream.once('end', () => packets.end()).once('close', () => packets.end());
  return packets;
}

/** Resolves when tcpdump says that it listens. @throws with its words when it ends instead */
async function hears(stream: Duplex, words: Readable): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const ended = (): void => reject(new Error(said.trim() || 'tcpdump has ended'));
    words.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (said.includes('listening on')) resolve();
    });
    stream.once('end', ended).once('close', ended).once('error', reject);
  });
}

/** Interrupted, tcpdump writes out what it has. */
const interrupt =
  'for p in /proc/[0-9]*; do [ "$(cat "$p/comm" 2>/dev/null)" != tcpdump ] || kill -INT "${p#/proc/}"; done';

async function stop(docker: Docker, agent: OpenAgent, streams: readonly Readable[]): Promise<void> {
  try {
    await sleep(lingerMs);
    const exec = await docker.getContainer(agent.containerId).exec({ Cmd: ['sh', '-c', interrupt] });
    await exec.start({ Detach: true });
    await Promise.all(streams.map(ended));
  } finally {
    await agent.close();
  }
}

const graceMs = 3000;
/** What has passed is heard by then, also on a machine that does much else. */
const lingerMs = 300;

function ended(stream: Readable): Promise<void> {
  if (stream.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, graceMs);
    stream.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

import type { MeasureContext } from '../measure.ts';
import { packetsIn } from '../../../probe/pcap.ts';
import { ownOf } from './own.ts';

/** Figures of a monitoring client fill packets larger than this; handshakes and health checks do not. */
const leastBytes = 500;
const mostBytes = 4 * 1024 * 1024;
const mostPorts = 24;

/** Listens to what services answer at some ports, in every zone of the student's project. */
export interface Heard {
  /** `address:port` of whoever has sent something large so far. */
  senders(): Set<string>;
  close(): Promise<void>;
}

/** @param ports TCP ports that answers come from; the first 24 are listened to */
export async function hearAnswers(context: MeasureContext, ports: readonly number[]): Promise<Heard> {
  const zones = ownOf(context).zones.map(({ name }) => name);
  const from = [...new Set(ports)].slice(0, mostPorts).map((port) => `src port ${port}`);
  const capture = await context.lab.listen(zones, `tcp and greater ${leastBytes} and (${from.join(' or ')})`);
  const files = [...capture.streams.values()].map((stream) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) chunks.push(chunk);
    });
    return chunks;
  });
  return {
    senders: () => {
      const heard = files.filter((chunks) => chunks.length > 0).flatMap((chunks) => packetsIn(Buffer.concat(chunks)));
      return new Set(heard.map(({ source, sourcePort }) => `${source}:${sourcePort}`));
    },
    close: () => capture.stop(),
  };
}

import * as z from 'zod';
import { speakOutOfTurn } from '../../../checks/firewalls/invalid.ts';
import { borrowAddress, ipBatch, returnAddress } from '../../../probe/strangers.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { conversationOf, conversationPattern } from './places.ts';

const stray = z.strictObject({
  conversation: z.string().regex(conversationPattern),
  /** The service that the packets are for. */
  service: z.string(),
  /** The service of another zone in whose name the stranger speaks; default: its own. */
  as: z.string().optional(),
});
type Stray = z.output<typeof stray>;

/**
 * Packets of a connection that no firewall saw begin do not get through: the service that they are for would answer with a
 * reset, and its kernel counts those.
 */
export const stopsStrays = defineMeasure({
  options: z.strictObject({ strays: z.array(stray).min(1) }),
  alone: true,
  run: async (context, { strays }) => {
    const refused: number[] = [];
    // One after the other: resets do not tell whom they were for.
    for (const one of strays) refused.push(await refusals(context, one));
    const through = strays.filter((_, index) => (refused[index] ?? 0) > 0);
    return {
      good: through.length === 0,
      observed:
        through.length === 0
          ? 'data and FIN of connections that never began got nowhere'
          : `${through.map(({ service }) => service).join(' and ')} got packets of a connection that never began`,
      evidence: strays.map(
        ({ conversation, as }, index) =>
          `${conversation}${as === undefined ? '' : ` in the name of ${as}`}: refused ${refused[index]} times at its end`,
      ),
    };
  },
});

/** How often a service refused what a stranger said out of turn. */
async function refusals(context: MeasureContext, { conversation, service, as }: Stray): Promise<number> {
  const { lab } = context;
  const { from, address, port } = await conversationOf(context, conversation);
  const vantage = lab.vantages.from({ zone: from });
  const source = as === undefined ? await lab.vantages.addressIn(from) : lab.service(as).address;
  const before = await resets(context, service);
  if (as !== undefined) await ipBatch(vantage, borrowAddress(lab.vantages.zones, from, source));
  try {
    const sent = await speakOutOfTurn(vantage, source, { address, port });
    if (!sent) throw new Error(`nothing could be sent from ${from}`);
  } finally {
    if (as !== undefined) await ipBatch(vantage, returnAddress(lab.vantages.zones, from, source));
  }
  return (await resets(context, service)) - before;
}

/** Resets that a service's kernel has sent (`Tcp: OutRsts` of proc_net_snmp(5)). */
async function resets({ lab }: MeasureContext, service: string): Promise<number> {
  const { stdout } = await lab.exec(service, ['cat', '/proc/net/snmp']);
  const [names = [], values = []] = [...stdout.matchAll(/^Tcp: (.*)$/gm)].map(([, line = '']) => line.split(' '));
  const count = Number(values[names.indexOf('OutRsts')]);
  if (!Number.isInteger(count)) throw new Error(`${service} does not say how many resets it sent`);
  return count;
}

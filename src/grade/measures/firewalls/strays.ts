import * as z from 'zod';
import { speakOutOfTurn } from '../../../checks/firewalls/invalid.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { conversationOf, conversationPattern } from './places.ts';

/**
 * Packets of a connection that no firewall saw begin do not get through: the service that they are for would answer with a
 * reset, and its kernel counts those.
 */
export const stopsStrays = defineMeasure({
  options: z.strictObject({ conversation: z.string().regex(conversationPattern), service: z.string() }),
  alone: true,
  run: async (context, { conversation, service }) => {
    const { from, address, port } = await conversationOf(context, conversation);
    const own = await context.lab.vantages.addressIn(from);
    const before = await resets(context, service);
    const sent = await speakOutOfTurn(context.lab.vantages.from({ zone: from }), own, { address, port });
    if (!sent) throw new Error(`nothing could be sent from ${from}`);
    const after = await resets(context, service);
    const good = after === before;
    return {
      good,
      observed: good
        ? `data and FIN of a connection that never began did not reach ${service}`
        : `${service} got packets of a connection that never began, and refused them ${after - before} times`,
    };
  },
});

/** Resets that a service's kernel has sent (`Tcp: OutRsts` of proc_net_snmp(5)). */
async function resets({ lab }: MeasureContext, service: string): Promise<number> {
  const { stdout } = await lab.exec(service, ['cat', '/proc/net/snmp']);
  const [names = [], values = []] = [...stdout.matchAll(/^Tcp: (.*)$/gm)].map(([, line = '']) => line.split(' '));
  const count = Number(values[names.indexOf('OutRsts')]);
  if (!Number.isInteger(count)) throw new Error(`${service} does not say how many resets it sent`);
  return count;
}

import * as z from 'zod';
import { borrowAddress, ipBatch, returnAddress } from '../../../probe/strangers.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { conversationOf, conversationPattern, drawn, type Conversation } from './places.ts';

const lie = z.strictObject({
  conversation: z.string().regex(conversationPattern),
  /** The service whose address the stranger speaks from. */
  as: z.string(),
  /** The firewall behind the one that is judged: its kernel counts what arrives. */
  witness: z.string(),
});

const sentMs = 600;

/**
 * Packets with a source that cannot come from their zone do not get through. Their answers go elsewhere, so it is the next
 * firewall that says what arrived: by a counter for a source port that is drawn anew, before any other of its rules.
 */
export const stopsSpoofed = defineMeasure({
  options: z.strictObject({ lies: z.array(lie).min(1) }),
  alone: true,
  run: async (context, { lies }) => {
    const told = await Promise.all(
      lies.map(async ({ conversation, as, witness }) => ({
        ...(await conversationOf(context, conversation)),
        ...{ as, witness },
        source: context.lab.service(as).address,
        sourcePort: drawn(context, `spoofed/${conversation}/${as}`),
      })),
    );
    const seen: number[] = [];
    // One after the other: two strangers in one container cannot both have the same address.
    for (const one of told) seen.push(await arrived(context, one));
    const through = seen.filter((packets) => packets > 0).length;
    return {
      good: through === 0,
      observed: `${through} of ${told.length} lies about the source got through`,
      evidence: told.map(
        ({ from, text, as }, index) =>
          `from ${from}, in the name of ${as} (${text}): ${(seen[index] ?? 0) > 0 ? 'got through' : 'stopped'}`,
      ),
    };
  },
});

interface Lie extends Conversation {
  as: string;
  witness: string;
  source: string;
  sourcePort: number;
}

async function arrived(context: MeasureContext, lie: Lie): Promise<number> {
  const { lab } = context;
  const vantage = lab.vantages.from({ zone: lie.from });
  const { address, port, source, sourcePort } = lie;
  const rule = `PREROUTING -s ${source} -d ${address} -p tcp --sport ${sourcePort} --dport ${port}`;
  await onWitness(context, lie.witness, `iptables -w 5 -t raw -I ${rule}`);
  await ipBatch(vantage, borrowAddress(lab.vantages.zones, lie.from, source));
  try {
    const attempt = { address, port, localAddress: source, localPort: sourcePort, timeoutMs: sentMs };
    const { state, errno } = await vantage.tcp(attempt);
    if (state === 'unroutable') throw new Error(`nothing could be sent from ${lie.from}: ${errno ?? state}`);
  } finally {
    await ipBatch(vantage, returnAddress(lab.vantages.zones, lie.from, source));
  }
  const script = `iptables -w 5 -t raw -nvxL PREROUTING && iptables -w 5 -t raw -D ${rule}`;
  const counters = await onWitness(context, lie.witness, script);
  const line = counters.split('\n').find((one) => one.includes(`spt:${sourcePort} dpt:${port}`));
  if (line === undefined) throw new Error(`${lie.witness} has lost its counter`);
  return Number(/^\s*(\d+)/.exec(line)?.[1] ?? 0);
}

async function onWitness({ lab }: MeasureContext, witness: string, script: string): Promise<string> {
  const { exitCode, stdout, stderr } = await lab.exec(witness, ['sh', '-c', script]);
  if (exitCode !== 0) throw new Error(`${witness} cannot count: ${stderr.trim()}`);
  return stdout;
}

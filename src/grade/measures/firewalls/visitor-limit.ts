import * as z from 'zod';
import { spareAddress, zoneNamed } from '../../../checks/firewalls/flows.ts';
import { machineError } from '../../../errors.ts';
import type { TcpOutcome, TcpRequest } from '../../../probe/operations/tcp.ts';
import { borrowAddress, ipBatch, returnAddress } from '../../../probe/strangers.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { conversationOf, conversationPattern } from './places.ts';

const options = z.strictObject({
  conversation: z.string().regex(conversationPattern),
  perSecond: z.int().min(1),
  burst: z.int().min(1),
});
type Limit = z.output<typeof options>;

/** Less than the second after which the kernel sends a SYN again: each attempt is one packet. */
const attemptMs = 600;
const othersAttempts = 8;
/** A rush takes as long as an attempt. Where the prober stands still meanwhile, its answers count as too late. */
const longestSeconds = 1;

/** What one visitor opens at once goes through up to the burst, and what is beyond it is dropped. */
export const limitsVisitor = defineMeasure({
  options,
  alone: true,
  run: async (context, limit) => {
    const { sent, passed, seconds } = await rush(context, limit);
    const most = limit.burst * 1.25 + limit.perSecond * seconds * 1.5;
    return {
      good: passed >= limit.burst * 0.9 && passed <= most,
      observed: `of ${sent} connections that one visitor opened at once, ${passed} got through`,
    };
  },
});

/** While one visitor rushes in, another is let in as ever. */
export const sparesOthers = defineMeasure({
  options,
  alone: true,
  run: async (context, limit) => {
    const { others } = await rush(context, limit);
    return {
      good: others === othersAttempts,
      observed: `meanwhile ${others} of ${othersAttempts} connections of another visitor got through`,
    };
  },
});

interface Rush {
  sent: number;
  passed: number;
  seconds: number;
  others: number;
}

const rushes = new WeakMap<MeasureContext, Promise<Rush>>();

function rush(context: MeasureContext, limit: Limit): Promise<Rush> {
  const known = rushes.get(context);
  if (known !== undefined) return known;
  const made = rushIn(context, limit);
  rushes.set(context, made);
  return made;
}

async function rushIn(context: MeasureContext, { conversation, burst }: Limit): Promise<Rush> {
  const { from, address, port } = await conversationOf(context, conversation);
  const { vantages } = context.lab;
  const vantage = vantages.from({ zone: from });
  const zone = zoneNamed(context.plan, from);
  const [one, other] = [spareAddress(context.plan, zone, 'flood'), spareAddress(context.plan, zone, 'spoof')];
  const attempts = (count: number, localAddress: string): TcpRequest[] =>
    Array.from({ length: count }, () => ({ address, port, localAddress, timeoutMs: attemptMs }));
  const sent = burst * 3;
  await ipBatch(
    vantage,
    [one, other].flatMap((source) => borrowAddress(vantages.zones, from, source)),
  );
  try {
    const started = performance.now();
    const outcomes = await vantage.tcpMany([...attempts(sent, one), ...attempts(othersAttempts, other)], 256);
    const seconds = (performance.now() - started) / 1000;
    const passed = outcomes.slice(0, sent).filter(gotThrough).length;
    const others = outcomes.slice(sent).filter(gotThrough).length;
    if (seconds > longestSeconds && (passed < burst || others < othersAttempts))
      throw machineError('STAGE_SLOW', {
        message: 'a rush of visitors took too long to be told from one that was not let in',
        found: `${seconds.toFixed(1)} s`,
      });
    return { sent, passed, others, seconds };
  } finally {
    await ipBatch(
      vantage,
      [one, other].flatMap((source) => returnAddress(vantages.zones, from, source)),
    );
  }
}

function gotThrough({ state }: TcpOutcome): boolean {
  return state === 'open' || state === 'closed';
}

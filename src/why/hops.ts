import { counterDifference, type FirewallCounter } from '../probe/firewall-counters.ts';
import type { Decision, Hop } from './answer.ts';
import type { RuleLine } from './rule-lines.ts';
import type { TracedPacket, TraceStep } from './trace.ts';
import type { Watched } from './watch.ts';

/** Finds the line of a running rule in a firewall's own file. */
export type FindLine = (
  firewall: string,
  table: string,
  chain: string,
  rule: string,
) => (RuleLine & { file: string }) | undefined;

/** The first packet of a direction that each firewall saw, in the order of the way: at every hop its time to live gets less. */
export function onTheWay(
  watched: readonly Watched[],
  isOne: (packet: TracedPacket) => boolean,
): [Watched, TracedPacket][] {
  return (
    watched
      .flatMap((one) => {
        const packet = one.packets.find(isOne);
        return packet === undefined ? [] : [[one, packet] as [Watched, TracedPacket]];
      })
      // What a firewall says itself has its full time to live until the next one has passed it on.
      .sort(
        ([, one], [, other]) => other.ttl - one.ttl || Number(one.in !== undefined) - Number(other.in !== undefined),
      )
  );
}

/** What a firewall did with a packet. */
export function hopOf(watched: Watched, packet: TracedPacket, direction: Hop['direction'], findLine: FindLine): Hop {
  const decide = (step: TraceStep): Decision => decisionOf(watched, step, findLine);
  const last = packet.steps.findLast(({ verdict }) => verdict === 'ACCEPT' || verdict === 'DROP');
  const dropped = last?.verdict === 'DROP';
  const filter = packet.steps.findLast((step) => step.verdict === 'ACCEPT' && step.table === 'filter');
  const decisive = dropped ? last : (filter ?? last);
  const index = decisive === undefined ? -1 : packet.steps.indexOf(decisive);
  const rewriting = packet.steps.find(
    ({ table, rule }) => table === 'nat' && rule !== null && /-j (DNAT|REDIRECT)\b/.test(rule),
  );
  return {
    firewall: watched.firewall,
    direction,
    in: packet.in ?? null,
    out: packet.out ?? null,
    outcome: dropped ? (/ -j REJECT\b/.test(` ${last.rule ?? ''}`) ? 'rejected' : 'dropped') : outcomeOf(packet),
    via: jumpsTo(packet.steps.slice(0, Math.max(0, index)), decisive).map(decide),
    decision: decisive === undefined ? null : decide(decisive),
    rewritten:
      packet.leaves === packet.destination
        ? null
        : { to: packet.leaves, by: rewriting === undefined ? null : decide(rewriting) },
  };
}

/** A packet that came in and was seen neither on its way out nor on its way in here was lost to routing. */
function outcomeOf({ in: input, steps }: TracedPacket): Hop['outcome'] {
  if (input === undefined) return 'sent';
  if (steps.some(({ chain }) => chain === 'FORWARD')) return 'forwarded';
  return steps.some(({ chain }) => chain === 'INPUT')
    ? 'delivered'
    : steps.some(({ chain }) => chain === 'POSTROUTING')
      ? 'forwarded'
      : 'lost';
}

/** The jumps that were still open when the packet came to the rule that decided. */
function jumpsTo(before: readonly TraceStep[], decisive: TraceStep | undefined): TraceStep[] {
  const found: TraceStep[] = [];
  let chain = decisive?.chain;
  for (const step of [...before].reverse()) {
    if (step.table !== decisive?.table || step.target !== chain || chain === undefined) continue;
    found.unshift(step);
    chain = step.chain;
  }
  return found;
}

function decisionOf({ firewall, before, after }: Watched, step: TraceStep, findLine: FindLine): Decision {
  const { table, chain, rule, verdict } = step;
  const line = rule === null ? undefined : findLine(firewall, table, chain, rule);
  const is = (one: FirewallCounter): boolean => one.table === table && one.chain === chain && one.rule === rule;
  const now = after.find(is);
  const more = counterDifference(before, after).find(is)?.packets ?? 0;
  return {
    table,
    chain,
    rule,
    verdict,
    flow: /--comment "?flow:([^"\s]+)/.exec(rule ?? '')?.[1] ?? null,
    file: line?.file ?? null,
    line: line?.line ?? null,
    counter: now === undefined ? null : { before: now.packets - more, after: now.packets },
  };
}

import type { Plan, ZonePlan } from '../../plan/types.ts';
import { counterDifference } from '../../probe/firewall-counters.ts';
import { borrowAddress, ipBatch, returnAddress } from '../../probe/strangers.ts';
import { skipped, verdict, type Check, type CheckContext } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { jumps } from './counters.ts';
import { deniedToZone, flowsOfZone, spareAddress, targetOf, type Target } from './flows.ts';
import { edgeZone } from '../services.ts';

/** A limit that takes more than this to reach is not tried: it would be a load test. */
const mostConnections = 6000;
const batch = 100;
/** Long enough for an answer from two networks away. */
const attemptMs = 20;

/** One visitor alone must not use up what is there for all. */
export function limitsFlood(plan: Plan): Check {
  const edge = edgeZone(plan);
  const { newConnectionsPerSecond: rate, burst } = plan.lab.limits;
  const router = edge?.router ?? 'fw-edge';
  return {
    id: 'firewalls.limits-flood',
    title: 'The edge limits the new connections of one visitor',
    requirement: 'firewalls',
    points: 2,
    expected: `of one visitor’s burst, what goes beyond ${burst} and ${rate} a second is dropped and counted as flood`,
    reproduce: `./lab shell ${router} --project ${plan.settings.project} -- iptables -nvL flood`,
    hint: 'Limit SYN packets by source address (`-m hashlimit --hashlimit-mode srcip`), before the rules that accept.',
    needs: ['balancer'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      if (edge === undefined) return skipped('this lab has no edge');
      if (burst + rate > mostConnections)
        return skipped(`a limit of ${burst} and ${rate} a second is not tried: it would be a load test`);
      const before = await context.counters(router);
      const { sent, seconds } = await flood(context, plan, edge);
      const after = await context.counters(router);
      const dropped = counterDifference(before, after)
        .filter(jumps('FORWARD', 'flood'))
        .reduce((sum, { packets }) => sum + packets, 0);
      const passed = sent - dropped;
      const most = burst + rate * seconds * 1.5 + batch;
      return verdict(
        dropped > 0 && passed <= most,
        `${sent} SYNs in ${seconds.toFixed(2)} s from one address: ${dropped} dropped as flood, ${passed} let on to the rules`,
      );
    },
  };
}

/** Opens connections that a visitor may open, and closes them at once, until the limit must have been passed. */
async function flood(context: CheckContext, plan: Plan, edge: ZonePlan): Promise<{ sent: number; seconds: number }> {
  const vantage = context.vantages.from({ zone: edge.name });
  const source = spareAddress(plan, edge, 'flood');
  const attempt = { ...visited(plan, edge), localAddress: source };
  const { newConnectionsPerSecond: rate, burst } = plan.lab.limits;
  // Limits are by source address: with one of its own, nobody else is held back.
  await ipBatch(vantage, borrowAddress(context.vantages.zones, edge.name, source));
  try {
    // Until the router's link address is known, the kernel keeps a hundred packets for it and drops the others.
    const { state, errno = '' } = await vantage.tcp(attempt);
    if (state === 'unroutable') throw new Error(`nothing can be sent from ${source}: ${errno}`);
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    let sent = 0;
    for (let next = burst + batch; next > 0 && sent < 2 * mostConnections; next = sent < most(seconds()) ? batch : 0) {
      const attempts = Array.from({ length: next }, () => ({ ...attempt, timeoutMs: attemptMs }));
      await vantage.tcpMany(attempts, 256);
      sent += next;
    }
    return { sent, seconds: seconds() };
  } finally {
    await ipBatch(vantage, returnAddress(context.vantages.zones, edge.name, source));
  }

  function most(after: number): number {
    return burst + rate * after + batch / 2;
  }
}

/** What visitors may open; where they may open nothing, something that is denied to them is limited all the same. */
function visited(plan: Plan, edge: ZonePlan): Target {
  const [flow] = flowsOfZone(plan, edge.name);
  const target = flow === undefined ? deniedToZone(plan, edge.name)[0] : targetOf(plan, flow.to);
  if (target === undefined) throw new Error('nothing is offered behind the edge');
  return target;
}

import type { Plan, ZonePlan } from '../../plan/types.ts';
import { counterDifference } from '../../probe/firewall-counters.ts';
import type { Vantage } from '../../probe/vantage.ts';
import { skipped, verdict, type Check, type CheckContext } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { jumps } from './counters.ts';
import { deniedToZone, spareAddress } from './flows.ts';

/** A limit that takes more than this to reach is not tried: it would be a load test. */
const mostConnections = 6000;
const batch = 400;
/** Long enough to leave; nobody answers. */
const attemptMs = 30;

/** One visitor alone must not use up what is there for all. */
export function limitsFlood(plan: Plan): Check {
  const edge = plan.zones.find(({ host }) => host !== undefined);
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
    disturbs: ['firewalls'],
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

/** Sends SYNs that no flow allows (they are limited all the same) until the limit must have been passed. */
async function flood(context: CheckContext, plan: Plan, edge: ZonePlan): Promise<{ sent: number; seconds: number }> {
  const vantage = context.vantages.from({ zone: edge.name });
  const source = spareAddress(plan, edge);
  const target = deniedToZone(plan, edge.name).find(({ service }) => service !== edge.router);
  if (target === undefined) throw new Error('nothing is denied to the edge');
  const { newConnectionsPerSecond: rate, burst } = plan.lab.limits;
  // Limits are by source address: with one of its own, nobody else is held back.
  await own(vantage, 'replace', `${source}/${edge.prefix}`);
  try {
    const started = performance.now();
    const seconds = (): number => (performance.now() - started) / 1000;
    let sent = 0;
    while (sent < burst + rate * seconds() + batch && sent < 2 * mostConnections) {
      await vantage.tcpMany(
        Array.from({ length: batch }, () => ({
          address: target.address,
          port: target.port,
          localAddress: source,
          timeoutMs: attemptMs,
        })),
        256,
      );
      sent += batch;
    }
    return { sent, seconds: seconds() };
  } finally {
    await own(vantage, 'del', `${source}/${edge.prefix}`);
  }
}

async function own(vantage: Vantage, verb: 'replace' | 'del', address: string): Promise<void> {
  await vantage.command(['ip', 'addr', verb, address, 'dev', 'eth0']);
}

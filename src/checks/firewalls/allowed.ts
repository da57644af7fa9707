import type { AllowedFlow } from '../../lab/policy.ts';
import type { Plan } from '../../plan/types.ts';
import type { TcpState } from '../../probe/operations/tcp.ts';
import { verdict, type Check } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { count, few } from '../words.ts';
import { counted } from './counters.ts';
import { firewallsOnTheWay, spoken, targetOf } from './flows.ts';
import { sweep, type Sweep } from './sweep.ts';

export function allowsFlows(plan: Plan): Check {
  const example = plan.policy.find(({ from }) => from.kind === 'service');
  const from = example?.from.kind === 'service' ? example.from.service : 'edge';
  const to = example?.to ?? { service: 'balancer', port: 443 };
  return {
    id: 'firewalls.allows-flows',
    title: 'Every flow of the policy passes, from where it may start',
    requirement: 'firewalls',
    points: 3,
    expected: `all ${plan.policy.length} flows get through, and each is counted by its accept rule on every firewall on its way`,
    reproduce: `./lab probe ${from} --project ${plan.settings.project} -- ncat -zvw3 ${to.service} ${to.port}`,
    hint: 'Both firewalls between two zones must let a flow pass: look for its rule with `iptables -nvL FORWARD` on each, and at which one its counter stays.',
    needs: ['database', 'balancer', 'firewalls'],
    timeoutMs: sharedTimeoutMs,
    run: async (context) => {
      const seen = await sweep(context);
      const flows = plan.policy.filter((flow) => bothRun(flow, seen));
      const faults = flows.flatMap((flow) => faultsOf(plan, flow, seen));
      const passing = flows.length - new Set(faults.map(({ flow }) => flow)).size;
      const hops = flows.reduce((sum, flow) => sum + firewallsOnTheWay(plan, flow).length, 0);
      const idle = plan.policy.length - flows.length;
      const left = idle === 0 ? '' : `, ${count(idle, 'flow')} of stopped services not tried`;
      const observed = `${passing} of ${flows.length} flows passed ${hops} firewall hops${left}`;
      return verdict(
        flows.length > 0 && faults.length === 0,
        faults.length === 0 ? observed : `${observed}; ${few(faults.map(({ words }) => words))}`,
      );
    },
  };
}

/** A flow of a service that is stopped says nothing about firewalls. */
function bothRun({ from, to }: AllowedFlow, { insides }: Sweep): boolean {
  return insides.has(to.service) && (from.kind !== 'service' || insides.has(from.service));
}

function faultsOf(plan: Plan, flow: AllowedFlow, seen: Sweep): { flow: AllowedFlow; words: string }[] {
  const target = targetOf(plan, flow.to);
  const from = flow.from.kind === 'host' ? 'host' : flow.from.kind === 'zone' ? flow.from.zone : flow.from.service;
  const name = `${flow.flow} (${from} to ${flow.to.service}:${flow.to.port})`;
  const state = stateOf(flow, spoken(target), seen);
  // A service that refuses was reached: that is not the firewalls' fault.
  if (state !== 'open' && state !== 'closed') return [{ flow, words: `${name} is ${state}` }];
  return firewallsOnTheWay(plan, flow)
    .filter((firewall) => acceptedBy(seen, firewall, flow, target.address) === 0)
    .map((firewall) => ({ flow, words: `${name} was not counted by ${firewall}` }));
}

function stateOf(flow: AllowedFlow, target: string, seen: Sweep): TcpState {
  const { from, to } = flow;
  if (from.kind === 'host') return seen.answered.has(`${to.service}:${to.port}`) ? 'open' : 'filtered';
  if (from.kind === 'service') return seen.insides.get(from.service)?.reached.get(target) ?? 'unroutable';
  const attempts = seen.strangers.find(({ zone }) => zone.name === from.zone)?.allowed ?? [];
  const states = attempts
    .filter(({ service, port }) => service === to.service && port === to.port)
    .map(({ outcome }) => outcome.state);
  return states.find((state) => state !== 'open') ?? states[0] ?? 'unroutable';
}

/** One rule may stand for several sources, so its own source is not looked at. */
function acceptedBy(seen: Sweep, firewall: string, { flow, to }: AllowedFlow, address: string): number {
  return counted(seen, firewall, ({ comment, rule }) => {
    const words = ` ${rule ?? ''} `;
    return comment === `flow:${flow}` && words.includes(` -d ${address}/32 `) && words.includes(` --dport ${to.port} `);
  });
}

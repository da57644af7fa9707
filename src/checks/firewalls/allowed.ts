import type { AllowedFlow } from '../../lab/policy.ts';
import { answeringAt } from '../../plan/places.ts';
import type { Plan } from '../../plan/types.ts';
import { verdict, type Check } from '../check.ts';
import { sharedTimeoutMs } from '../once.ts';
import { count, few } from '../words.ts';
import { blame } from './blame.ts';
import { counted } from './counters.ts';
import { firewallsOnTheWay, targetOf } from './flows.ts';
import { rowName } from './matrix.ts';
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
      const tried = seen.rows.filter(
        (row) => row.expected === 'allowed' && row.seen !== 'not tried' && runs(plan, row.service, seen),
      );
      const flows = plan.policy.filter((flow) => bothRun(plan, flow, seen));
      const words = [
        ...tried
          .filter((row) => row.seen !== 'open' && row.seen !== 'closed')
          .map(
            (row) => `${row.flow ?? ''} (${rowName(row)}): expected open, seen ${row.seen}${blame(plan, row, seen)}`,
          ),
        ...flows.flatMap((flow) => [...unanswered(flow, seen), ...uncounted(plan, flow, seen)]),
      ];
      const hops = flows.reduce((sum, flow) => sum + firewallsOnTheWay(plan, flow).length, 0);
      const idle = plan.policy.length - flows.length;
      const left = idle === 0 ? '' : `, ${count(idle, 'flow')} of stopped services not tried`;
      const observed = `${tried.length} allowed conversations of ${flows.length} flows tried over ${hops} firewall hops${left}`;
      return verdict(
        flows.length > 0 && words.length === 0,
        words.length === 0 ? `${observed}; all passed` : `${observed}; ${few(words)}`,
      );
    },
  };
}

/** A flow of a service that is stopped says nothing about firewalls. */
function bothRun(plan: Plan, { from, to }: AllowedFlow, seen: Sweep): boolean {
  return runs(plan, to.service, seen) && (from.kind !== 'service' || seen.insides.has(from.service));
}

function runs(plan: Plan, place: string, { insides }: Sweep): boolean {
  return answeringAt(plan, place).some((service) => insides.has(service));
}

/** What visitors and this machine reach through what is published. A service that refuses was reached: that is not the firewalls' fault. */
function unanswered({ flow, from, to }: AllowedFlow, seen: Sweep): string[] {
  const name = `${to.service}:${to.port}`;
  if (from.kind === 'host')
    return seen.answered.has(name) ? [] : [`${flow} (this machine to ${name}): expected open, seen filtered`];
  if (from.kind !== 'zone') return [];
  const visits = seen.strangers.find(({ zone }) => zone.name === from.zone)?.visited ?? [];
  return visits
    .filter(
      ({ service, port, outcome }) => `${service}:${port}` === name && !['open', 'closed'].includes(outcome.state),
    )
    .map(
      ({ address, port, outcome }) =>
        `${flow} (a stranger in ${from.zone} to ${name} as published at ${address}:${port}): expected open, seen ${outcome.state}`,
    );
}

/** A flow that passed, but by another rule than its own on some firewall. */
function uncounted(plan: Plan, flow: AllowedFlow, seen: Sweep): string[] {
  const { address } = targetOf(plan, flow.to);
  const from = flow.from.kind === 'host' ? 'host' : flow.from.kind === 'zone' ? flow.from.zone : flow.from.service;
  return firewallsOnTheWay(plan, flow)
    .filter((firewall) => acceptedBy(seen, firewall, flow, address) === 0)
    .map(
      (firewall) =>
        `${flow.flow} (${from} to ${flow.to.service}:${flow.to.port}): its rule on ${firewall} counted nothing`,
    );
}

/** One rule may stand for several sources, so its own source is not looked at. */
function acceptedBy(seen: Sweep, firewall: string, { flow, to }: AllowedFlow, address: string): number {
  return counted(seen, firewall, ({ comment, rule }) => {
    const words = ` ${rule ?? ''} `;
    return comment === `flow:${flow}` && words.includes(` -d ${address}/32 `) && words.includes(` --dport ${to.port} `);
  });
}

import ipaddr from 'ipaddr.js';
import type { Plan } from '../../plan/types.ts';
import type { FirewallCounter } from '../../probe/firewall-counters.ts';
import { counterDifference } from '../../probe/firewall-counters.ts';
import { jumps } from './counters.ts';
import { zoneNamed } from './flows.ts';
import type { MatrixRow } from './matrix.ts';
import type { Sweep } from './sweep.ts';

/** The rule that a difference comes from, as far as the firewalls' counters tell: `; fw-app: -A FORWARD …`. */
export function blame(plan: Plan, row: MatrixRow, seen: Pick<Sweep, 'before' | 'after'>): string {
  const found = row.firewalls.flatMap((firewall) => {
    const chain = firewall === row.service ? 'INPUT' : 'FORWARD';
    const rules = counterDifference(
      seen.before.get(firewall)?.[row.family] ?? [],
      seen.after.get(firewall)?.[row.family] ?? [],
    ).filter((one) => one.table === 'filter' && one.chain === chain);
    const rule = row.expected === 'denied' ? letIn(plan, row, rules) : forFlow(plan, row, rules);
    return rule === undefined ? [] : [`${firewall}: ${rule}`];
  });
  return found.length === 0 ? '' : ` (${found.join('; ')})`;
}

/** The first rule that counted something, accepts, and may hold for the row's packet; or the chain's policy. */
function letIn(plan: Plan, row: MatrixRow, rules: readonly FirewallCounter[]): string | undefined {
  const rule = rules.find(
    (one) =>
      one.packets > 0 && jumps(one.chain, 'ACCEPT')(one) && !isConversation(one) && mayMatch(plan, row, one.rule ?? ''),
  );
  if (rule !== undefined) return `rule “-A ${rule.chain} ${rule.rule ?? ''}”`;
  const policy = rules.find((one) => one.policy === 'ACCEPT');
  return policy === undefined ? undefined : `policy ACCEPT of ${policy.chain}`;
}

/** Answers pass by state: what let the first packet in is another rule. */
function isConversation({ rule }: FirewallCounter): boolean {
  const states = / --ctstate (\S+)/.exec(` ${rule ?? ''}`)?.[1];
  return states !== undefined && !states.split(',').includes('NEW');
}

function mayMatch(plan: Plan, row: MatrixRow, rule: string): boolean {
  const value = (option: string): string | undefined => new RegExp(`(?:^| )${option} (\\S+)`).exec(rule)?.[1];
  const [to, port, protocol, source] = ['-d', '--dport', '-p', '-s'].map(value);
  if (port !== undefined && Number(port) !== row.port) return false;
  if (protocol !== undefined && protocol !== row.protocol) return false;
  if (row.family === 'IPv6') return true;
  const { from } = row;
  const service = from.kind === 'service' ? plan.services.find(({ name }) => name === from.service) : undefined;
  // A stranger's own address is not known here; its zone's gateway stands for it.
  const speaker = service?.address ?? zoneNamed(plan, row.zone).gateway;
  return holds(to, row.address) && holds(source, speaker);
}

function holds(range: string | undefined, address: string): boolean {
  return range === undefined || ipaddr.IPv4.parse(address).match(ipaddr.IPv4.parseCIDR(range));
}

/** What became of a flow's own rule. */
function forFlow(plan: Plan, row: MatrixRow, rules: readonly FirewallCounter[]): string {
  const name = `flow:${row.flow ?? ''}`;
  const own = rules.find(
    (one) => one.comment === name && one.rule?.includes('--dport ') && mayMatch(plan, row, one.rule),
  );
  return own === undefined ? `no rule ${name}` : `rule ${name} counted ${own.packets}`;
}

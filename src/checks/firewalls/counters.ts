import { failure } from '../../errors.ts';
import { counterDifference, parseFirewallCounters, type FirewallCounter } from '../../probe/firewall-counters.ts';
import type { CheckContext } from '../check.ts';

/** The running rules of one firewall, with what each has counted. */
export interface FirewallRules {
  IPv4: FirewallCounter[];
  IPv6: FirewallCounter[];
}

/** The running rules of every firewall, by its name. */
export type AllRules = ReadonlyMap<string, FirewallRules>;

/** Reads both families of every firewall from the kernel, one command for each firewall. */
export async function readCounters(context: CheckContext): Promise<AllRules> {
  const names = context.plan.services.filter(({ kind }) => kind === 'firewall').map(({ name }) => name);
  const rules = await Promise.all(names.map((name) => readRules(context, name)));
  return new Map(names.map((name, index) => [name, rules[index] as FirewallRules]));
}

async function readRules(context: CheckContext, firewall: string): Promise<FirewallRules> {
  const { exitCode, stdout, stderr } = await context.exec(firewall, [
    'sh',
    '-c',
    'iptables-save -c && echo =IPv6= && ip6tables-save -c',
  ]);
  if (exitCode !== 0)
    throw failure('COUNTERS', { message: `cannot read the rules of ${firewall}`, found: stderr.trim() });
  const [v4 = '', v6 = ''] = stdout.split('=IPv6=\n');
  return { IPv4: parseFirewallCounters(v4), IPv6: parseFirewallCounters(v6) };
}

/** Packets that the rules for which `matches` holds have counted in between. */
export function counted(
  { before, after }: { before: AllRules; after: AllRules },
  firewall: string,
  matches: (rule: FirewallCounter) => boolean,
  family: keyof FirewallRules = 'IPv4',
): number {
  const difference = counterDifference(before.get(firewall)?.[family] ?? [], after.get(firewall)?.[family] ?? []);
  return difference
    .filter((rule) => rule.table === 'filter' && matches(rule))
    .reduce((sum, { packets }) => sum + packets, 0);
}

/** Whether a rule of `chain` jumps to `target`. */
export const jumps =
  (chain: string, target: string) =>
  (counter: FirewallCounter): boolean =>
    counter.chain === chain && counter.rule !== null && new RegExp(`(^| )-j ${target}( |$)`).test(counter.rule);

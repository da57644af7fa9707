import type { Plan } from '../../plan/types.ts';
import type { FirewallCounter } from '../../probe/firewall-counters.ts';
import { verdict, type Check } from '../check.ts';
import { once } from '../once.ts';
import { count, few } from '../words.ts';
import { jumps, readCounters } from './counters.ts';

/** What the kernel does with a packet that no rule names. */
export function deniesByDefault(plan: Plan): Check {
  const firewalls = plan.services.filter(({ kind }) => kind === 'firewall').map(({ name }) => name);
  return {
    id: 'firewalls.denies-by-default',
    title: 'Every firewall denies by default, for IPv4 and IPv6',
    requirement: 'firewalls',
    points: 3,
    expected: 'policy DROP of INPUT and FORWARD in both families, and no rule that accepts whatever comes',
    reproduce: `./lab shell ${firewalls[0] ?? ''} --project ${plan.settings.project} -- sh -c 'iptables -S; ip6tables -S'`,
    hint: 'Start from `iptables -P FORWARD DROP` and add what is needed. A list of what is forbidden always lacks something.',
    run: async (context) => {
      const all = await once(context, 'counters/before', () => readCounters(context));
      const words = firewalls.flatMap((name) =>
        (['IPv4', 'IPv6'] as const).flatMap((family) =>
          ['INPUT', 'FORWARD'].flatMap((chain) =>
            weaknesses(all.get(name)?.[family] ?? [], chain, family).map(
              (what) => `${name} ${family} ${chain} ${what}`,
            ),
          ),
        ),
      );
      const rules = [...all.values()].reduce((sum, { IPv4, IPv6 }) => sum + IPv4.length + IPv6.length, 0);
      return verdict(
        words.length === 0,
        words.length === 0
          ? `DROP in 2 chains of 2 families on ${count(firewalls.length, 'firewall')}, ${rules} rules read from the kernel`
          : few(words),
      );
    },
  };
}

function weaknesses(counters: readonly FirewallCounter[], chain: string, family: 'IPv4' | 'IPv6'): string[] {
  const filter = counters.filter((one) => one.table === 'filter' && one.chain === chain);
  const policy = filter.find((one) => one.policy !== null)?.policy ?? 'missing';
  // No flow is over IPv6: there whatever is accepted is too much, and nobody in a zone has an address to try it with.
  const isOpen = (rule: string): boolean => isUnconditional(rule) || (family === 'IPv6' && !/^-i lo /.test(rule));
  const open = filter.filter((one) => jumps(chain, 'ACCEPT')(one) && isOpen(one.rule ?? ''));
  return [
    ...(policy === 'DROP' ? [] : [`has policy ${policy}`]),
    ...open.map(({ rule }) => `accepts too much: ${rule ?? ''}`),
  ];
}

/** Whether a rule holds for every packet; an interface other than loopback alone does not narrow it enough. */
function isUnconditional(rule: string): boolean {
  const conditions = rule
    .replace(/-m comment --comment ("(\\.|[^"])*"|\S+)/, '')
    .replace(/-j ACCEPT/, '')
    .replace(/-[io] (?!lo( |$))\S+/g, '')
    .replace(/-[sd] (0\.0\.0\.0\/0|::\/0)/g, '')
    .replace(/-p (tcp|udp|all)( -m (tcp|udp))?/, '');
  return conditions.trim() === '';
}

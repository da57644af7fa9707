import type { Plan } from '../../plan/types.ts';
import { parseFirewallCounters, type FirewallCounter } from '../../probe/firewall-counters.ts';
import { failure } from '../../errors.ts';
import { verdict, type Check, type CheckContext } from '../check.ts';
import { count, few } from '../words.ts';

/**
 * What no packet may show: a rule for one source that nobody here has, or an order that matters only at times. The firewall writes
 * down what the kernel has just after the emitted rules were loaded; that is compared with what the kernel has now.
 */
export function rulesAsWritten(plan: Plan): Check {
  const firewalls = plan.services.filter(({ kind }) => kind === 'firewall').map(({ name }) => name);
  return {
    id: 'firewalls.rules-as-written',
    title: 'The rules in force are those that were written',
    requirement: 'firewalls',
    points: 2,
    expected:
      'on every firewall, in every table of both families, the same rules in the same order and the same policies as after its start',
    reproduce: `./lab shell ${firewalls[0] ?? ''} --project ${plan.settings.project} -- sh -c 'counted-rules | sed "s/\\[[0-9:]*\\]//" >/tmp/now; sed "s/\\[[0-9:]*\\]//" /run/rules-as-emitted | diff - /tmp/now'`,
    hint: 'Somebody has changed rules by hand. Starting the firewall again loads those that were written: `docker restart`.',
    run: async (context) => {
      const seen = await Promise.all(firewalls.map(async (name) => ({ name, ...(await compare(context, name)) })));
      const words = seen.flatMap(({ name, differences }) => differences.map((difference) => `${name}: ${difference}`));
      const rules = seen.reduce((sum, one) => sum + one.rules, 0);
      return verdict(
        words.length === 0 && rules > 0,
        words.length === 0
          ? `${rules} rules and policies on ${count(firewalls.length, 'firewall')}, as written`
          : few(words),
      );
    },
  };
}

async function compare(context: CheckContext, firewall: string): Promise<{ rules: number; differences: string[] }> {
  const { exitCode, stdout, stderr } = await context.exec(firewall, [
    'sh',
    '-c',
    'cat /run/rules-as-emitted && echo "=now=" && counted-rules',
  ]);
  if (exitCode !== 0) throw failure('RULES', { message: `cannot read the rules of ${firewall}`, found: stderr.trim() });
  const [written = '', now = ''] = stdout.split('=now=\n');
  const [before, after] = [rulesIn(written), rulesIn(now)];
  return { rules: before.length, differences: differences(before, after) };
}

/** Rules and policies as text, in the order of the kernel, by family and table. */
export function rulesIn(saved: string): string[] {
  return saved.split(/^family /m).flatMap((part) => {
    const [family = '', ...lines] = part.split('\n');
    return parseFirewallCounters(lines.join('\n'))
      .filter(telling)
      .map((one) => `${family} ${one.table} ${spoken(one)}`);
  });
}

/** A table that accepts all and has no rule says nothing; `lab why` traces with a rule of its own for a moment. */
function telling({ policy, table, rule }: FirewallCounter): boolean {
  return policy === null ? !/ -j TRACE$/.test(` ${rule ?? ''}`) : table === 'filter' || policy !== 'ACCEPT';
}

function spoken({ chain, rule, policy }: FirewallCounter): string {
  return policy === null ? `${chain} ${rule ?? ''}` : `${chain} policy ${policy}`;
}

/** What is there no more, what is there besides, and otherwise whether the order is another. */
export function differences(before: readonly string[], after: readonly string[]): string[] {
  const missing = before.filter((rule) => !after.includes(rule)).map((rule) => `missing: ${rule}`);
  const more = after.filter((rule) => !before.includes(rule)).map((rule) => `not written: ${rule}`);
  if (missing.length + more.length > 0) return [...more, ...missing];
  return before.join('\n') === after.join('\n') ? [] : ['the rules are in another order, or twice there'];
}

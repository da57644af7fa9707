import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, the } from '../cast.ts';
import { all, replace, without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const defaultAccept: Fault = {
  name: 'firewall-default-accept',
  part: 'firewalls',
  title: 'The data firewall accepts whatever no rule names',
  difficulty: 1,
  visitor: 'Nothing: all that worked works on.',
  felt: false,
  checks: [
    'firewalls.denies-from-data',
    'firewalls.denies-from-firewalls',
    'firewalls.denies-by-default',
    'firewalls.rules-as-written',
    'firewalls.no-way-out',
  ],
  alert: { name: 'FirewallOpenByDefault', withinSeconds: 20 },
  hints: [
    'Nothing that should work is broken.',
    'What happens to a packet that no rule names?',
    'Look at the policy of the FORWARD chain, and at its last rule: `lab shell fw-data -- iptables -S FORWARD`.',
  ],
  needs: ['database'],
  changes: (plan) => [
    firewallRules(guardOf(plan, the(plan, 'database')), {
      v4: all(replace(':FORWARD DROP', ':FORWARD ACCEPT'), without(/^-A FORWARD .*-j denied$/)),
    }),
  ],
};

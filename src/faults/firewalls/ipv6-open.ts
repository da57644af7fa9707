import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, the } from '../cast.ts';
import { all, replace, without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const ipv6Open: Fault = {
  name: 'firewall-ipv6-open',
  part: 'firewalls',
  title: 'The data firewall has no rules for IPv6',
  difficulty: 2,
  visitor: 'Nothing: the site is not reached over IPv6.',
  felt: false,
  checks: ['firewalls.denies-by-default', 'firewalls.rules-as-written', 'firewalls.ipv6-closed'],
  alert: { name: 'Ipv6Open', withinSeconds: 20 },
  hints: [
    'IPv4 is as it should be.',
    'A link has more than one way to be spoken on.',
    'iptables knows nothing of IPv6: `lab shell fw-data -- ip6tables -S`.',
  ],
  needs: ['database'],
  changes: (plan) => [
    firewallRules(guardOf(plan, the(plan, 'database')), {
      v6: all(
        without(/^-A /),
        replace(':INPUT DROP', ':INPUT ACCEPT'),
        replace(':FORWARD DROP', ':FORWARD ACCEPT'),
        replace(':OUTPUT DROP', ':OUTPUT ACCEPT'),
      ),
    }),
  ],
};

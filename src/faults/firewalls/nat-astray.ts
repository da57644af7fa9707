import { firewallRules } from '../changes/firewall-rules.ts';
import { edgeGuard, siteDoor, the } from '../cast.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const natAstray: Fault = {
  name: 'firewall-nat-astray',
  part: 'firewalls',
  title: 'The edge firewall sends visitors who come by HTTPS to the inbox',
  difficulty: 2,
  visitor: 'The site does not answer over HTTPS.',
  felt: true,
  checks: ['firewalls.allows-flows', 'firewalls.rules-as-written', 'tls.accepts-modern', 'monitoring.outside-probe'],
  alert: { name: 'SiteDown', withinSeconds: 20 },
  hints: [
    'The balancer is well, and nobody reaches it.',
    'Ask the balancer at its own address. Then at the published one.',
    'Where does the edge firewall send port 443? `lab shell fw-edge -- iptables -t nat -S`.',
  ],
  needs: ['balancer', 'inbox'],
  changes: (plan) => [
    firewallRules(edgeGuard(plan), {
      v4: replace(
        `--to-destination ${siteDoor(plan).address}:443`,
        `--to-destination ${the(plan, 'inbox').address}:443`,
      ),
    }),
  ],
};

import { firewallRules } from '../changes/firewall-rules.ts';
import { edgeGuard } from '../cast.ts';
import { without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const floodUnlimited: Fault = {
  name: 'firewall-flood-unlimited',
  part: 'firewalls',
  title: 'The edge firewall no longer limits the connections of one visitor',
  difficulty: 2,
  visitor: 'Nothing, until somebody opens thousands of connections.',
  felt: false,
  checks: ['firewalls.rules-as-written', 'firewalls.limits-flood'],
  alert: { name: 'FirewallRulesChanged', withinSeconds: 20 },
  hints: [
    'Who is let in is right. How often?',
    'The edge limits new connections by source address.',
    'Look for hashlimit: `lab shell fw-edge -- iptables -S FORWARD`.',
  ],
  needs: ['balancer'],
  changes: (plan) => [firewallRules(edgeGuard(plan), { v4: without(/ hashlimit .*-j flood$/) })],
};

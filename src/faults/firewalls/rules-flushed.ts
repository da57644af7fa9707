import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, lastServer } from '../cast.ts';
import { without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const rulesFlushed: Fault = {
  name: 'firewall-rules-flushed',
  part: 'firewalls',
  title: 'The app firewall has lost all its rules, and denies everything',
  difficulty: 1,
  visitor: 'The site answers 503 to everything.',
  felt: true,
  checks: [
    'firewalls.allows-flows',
    'firewalls.rules-as-written',
    'firewalls.drops-spoofed',
    'firewalls.drops-invalid',
    'balancing.site-answers',
    'balancing.servers-up',
    'servers.application-ready',
    'database.reachable',
    'monitoring.targets-up',
    'monitoring.outside-probe',
  ],
  alert: { name: 'SiteDown', withinSeconds: 20 },
  hints: [
    'The balancer is there, and has nobody to pass requests on to.',
    'Are the servers really down? Ask one from inside its own container.',
    'What stands between the balancer and the servers? `lab shell fw-app -- iptables -S`.',
  ],
  needs: ['web', 'balancer'],
  changes: (plan) => [firewallRules(guardOf(plan, lastServer(plan)), { v4: without(/^-A /) }, { forget: true })],
};

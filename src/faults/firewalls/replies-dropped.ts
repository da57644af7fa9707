import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, the } from '../cast.ts';
import { without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const repliesDropped: Fault = {
  name: 'firewall-replies-dropped',
  part: 'firewalls',
  title: 'The data firewall no longer lets replies pass',
  difficulty: 3,
  visitor: 'Messages cannot be read or written: 503.',
  felt: true,
  checks: [
    'firewalls.allows-flows',
    'firewalls.rules-as-written',
    'balancing.site-answers',
    'servers.application-ready',
    'database.reachable',
    'monitoring.targets-up',
  ],
  alert: { name: 'ApplicationErrors', withinSeconds: 25 },
  hints: [
    'Connections are opened, and nothing comes back.',
    'The rules of the flows are all there, and their counters rise. Which packets do they not stand for?',
    'A reply is not NEW. Look for ESTABLISHED in `lab shell fw-data -- iptables -nvL FORWARD`.',
  ],
  needs: ['database', 'web'],
  changes: (plan) => [
    firewallRules(guardOf(plan, the(plan, 'database')), { v4: without(/^-A FORWARD .*ESTABLISHED/) }, { forget: true }),
  ],
};

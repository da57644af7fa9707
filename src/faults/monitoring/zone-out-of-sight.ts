import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, the } from '../cast.ts';
import { before } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const zoneOutOfSight: Fault = {
  name: 'monitoring-zone-out-of-sight',
  part: 'monitoring',
  title: 'Prometheus cannot reach the databases’ zone',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['firewalls.allows-flows', 'firewalls.rules-as-written', 'monitoring.targets-up'],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: [
    'The databases work for the site. Who says they are down?',
    'All targets of one zone are down together. What do they have in common?',
    'A rule of the data firewall drops what comes from Prometheus: `lab why prometheus db-primary:9104`.',
  ],
  needs: ['database', 'prometheus'],
  changes: (plan) => [
    firewallRules(guardOf(plan, the(plan, 'database')), {
      v4: before(/^-A FORWARD /, `-A FORWARD -s ${the(plan, 'prometheus').address}/32 -j DROP`),
    }),
  ],
};

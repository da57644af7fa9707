import { linkDown } from '../changes/link.ts';
import { guardOf, the } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const zoneCutOff: Fault = {
  name: 'network-zone-cut-off',
  part: 'network',
  title: 'The data firewall’s link to its zone is down',
  difficulty: 1,
  visitor: 'Messages cannot be read or written: 503.',
  felt: true,
  checks: [
    'firewalls.allows-flows',
    'firewalls.offer-nothing',
    'firewalls.drops-spoofed',
    'firewalls.drops-invalid',
    'firewalls.ipv6-closed',
    'balancing.site-answers',
    'servers.application-ready',
    'database.reachable',
    'monitoring.targets-up',
  ],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: [
    'Servers and databases run, and do not see each other.',
    'Nothing at all comes out of one zone.',
    '`lab shell fw-data -- ip link`.',
  ],
  needs: ['database', 'web'],
  changes: (plan) => {
    const database = the(plan, 'database');
    return [linkDown(guardOf(plan, database), database.zone)];
  },
};

import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, lastServer } from '../cast.ts';
import { before } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const spoofingOpen: Fault = {
  name: 'firewall-spoofing-open',
  part: 'firewalls',
  title: 'The app firewall believes every source address that comes from the servers’ zone',
  difficulty: 3,
  visitor: 'Nothing.',
  felt: false,
  checks: ['firewalls.rules-as-written', 'firewalls.drops-spoofed'],
  alert: { name: 'FirewallRulesChanged', withinSeconds: 20 },
  hints: [
    'All flows are as they should be. Who claims to be their source?',
    'Firewalls check that a source address can live behind the interface it came in by.',
    'Read the chain from-web on the app firewall, in order: `lab shell fw-app -- iptables -S from-web`.',
  ],
  needs: ['web'],
  changes: (plan) => {
    const server = lastServer(plan);
    return [
      firewallRules(guardOf(plan, server), {
        v4: before(new RegExp(`^-A from-${server.zone} .*-j spoofed$`), `-A from-${server.zone} -j RETURN`),
      }),
    ];
  },
};

import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, lastServer } from '../cast.ts';
import { before } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const packetLoss: Fault = {
  name: 'network-packet-loss',
  part: 'network',
  title: 'One packet in five between the balancer and the servers is lost',
  difficulty: 3,
  visitor: 'Some pages come only after a second or two.',
  felt: true,
  checks: ['firewalls.rules-as-written', 'firewalls.lose-nothing'],
  alert: { name: 'FirewallRulesChanged', withinSeconds: 20 },
  hints: [
    'Everything answers, and some answers take a second more.',
    'A second is what TCP waits before it sends its first packet again.',
    'Look for `statistic` among the rules of the app firewall.',
  ],
  needs: ['web', 'balancer'],
  changes: (plan) => [
    firewallRules(guardOf(plan, lastServer(plan)), {
      v4: before(
        /^-A FORWARD /,
        `-A FORWARD -o ${lastServer(plan).zone} -m statistic --mode random --probability 0.2 -j DROP`,
      ),
    }),
  ],
};

import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, lastServer, the, zoneOf } from '../cast.ts';
import { before } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const packetLoss: Fault = {
  name: 'network-packet-loss',
  part: 'network',
  title: 'One packet in eight between the balancer and the servers is lost',
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
  changes: (plan) => {
    const { zone } = lastServer(plan);
    // What the databases answer is left alone: lost, it would take them out of a group's reach.
    const visitors = `! -s ${zoneOf(plan, the(plan, 'database')).subnet}`;
    const rule = `-A FORWARD ${visitors} -o ${zone} -m statistic --mode random --probability 0.125 -j DROP`;
    return [firewallRules(guardOf(plan, lastServer(plan)), { v4: before(/^-A FORWARD /, rule) })];
  },
};

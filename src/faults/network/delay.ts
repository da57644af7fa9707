import { firewallRules } from '../changes/firewall-rules.ts';
import { packetHolder, queue } from '../changes/held-packets.ts';
import { guardOf, lastServer, the } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const delay: Fault = {
  name: 'network-delay',
  part: 'network',
  title: 'Everything that the balancer sends to the servers takes 300 ms',
  difficulty: 2,
  visitor: 'Every page is slow.',
  felt: true,
  checks: ['firewalls.rules-as-written', 'balancing.answers-quickly'],
  alert: { name: 'ApplicationSlow', withinSeconds: 30 },
  hints: [
    'Every page is slow, whichever server answers.',
    'The servers say that they answer at once. Then it is the way.',
    'Measure from hop to hop. Before the app firewall’s rules packets wait in a queue: `lab shell fw-app -- iptables -t mangle -S`.',
  ],
  needs: ['web', 'balancer'],
  changes: (plan) => {
    const { zone } = lastServer(plan);
    const firewall = guardOf(plan, lastServer(plan));
    // In mangle, which comes before filter: what leaves the queue has still to pass the policy.
    const table = `*mangle\n:FORWARD ACCEPT [0:0]\n-A FORWARD -s ${the(plan, 'balancer').address}/32 -o ${zone} -j NFQUEUE --queue-num ${queue} --queue-bypass\nCOMMIT\n`;
    return [packetHolder(firewall, 300), firewallRules(firewall, { v4: (text) => `${text}${table}` })];
  },
};

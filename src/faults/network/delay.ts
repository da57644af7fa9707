import { firewallRules } from '../changes/firewall-rules.ts';
import { packetHolder, queue } from '../changes/held-packets.ts';
import { servicesOf } from '../../checks/services.ts';
import { isMutual } from '../../plan/inside.ts';
import { guardOf, lastServer } from '../cast.ts';
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
  // Certificates of both sides take two more packets: more than the health checks wait, so that no server is left.
  fits: ({ lab }) => !isMutual(lab),
  changes: (plan) => {
    const { zone } = lastServer(plan);
    const firewall = guardOf(plan, lastServer(plan));
    // In mangle, which comes before filter: what leaves the queue has still to pass the policy.
    const held = servicesOf(plan, 'balancer').map(
      ({ address }) => `-A FORWARD -s ${address}/32 -o ${zone} -j NFQUEUE --queue-num ${queue} --queue-bypass\n`,
    );
    const table = `*mangle\n:FORWARD ACCEPT [0:0]\n${held.join('')}COMMIT\n`;
    return [packetHolder(firewall, 300), firewallRules(firewall, { v4: (text) => `${text}${table}` })];
  },
};

import { firewallRules } from '../changes/firewall-rules.ts';
import { edgeOf, guardOf, the } from '../cast.ts';
import { before } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const flowTooMany: Fault = {
  name: 'firewall-flow-too-many',
  part: 'firewalls',
  title: 'The edge firewall lets visitors reach Prometheus',
  difficulty: 1,
  visitor: 'Nothing: the site works. But anybody can read the metrics of every server.',
  felt: false,
  checks: ['firewalls.denies-from-edge', 'firewalls.rules-as-written', 'firewalls.closes-operators-pages'],
  alert: { name: 'FirewallRulesChanged', withinSeconds: 20 },
  hints: [
    'Nothing is broken for those who should get in. Who else gets in?',
    'Compare what the edge firewall accepts with the flows of lab.yml, one by one.',
    'Look for a rule on the edge firewall that accepts port 9090 from the edge: `lab shell fw-edge -- iptables -S FORWARD`.',
  ],
  needs: ['prometheus'],
  changes: (plan) => {
    const { address } = the(plan, 'prometheus');
    const rule = `-A FORWARD -s ${edgeOf(plan).subnet} -d ${address}/32 -p tcp -m tcp --dport 9090 -m conntrack --ctstate NEW -j ACCEPT`;
    return [firewallRules(guardOf(plan, the(plan, 'prometheus')), { v4: before(/^-A FORWARD .*-j denied$/, rule) })];
  },
};

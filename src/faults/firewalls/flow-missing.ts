import { firewallRules } from '../changes/firewall-rules.ts';
import { guardOf, lastServer, the } from '../cast.ts';
import { without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const flowMissing: Fault = {
  name: 'firewall-flow-missing',
  part: 'firewalls',
  title: 'The data firewall no longer lets one server reach the databases',
  difficulty: 2,
  visitor: 'Every third request for messages fails with 503.',
  felt: true,
  checks: [
    'firewalls.allows-flows',
    'firewalls.rules-as-written',
    'balancing.site-answers',
    'servers.application-ready',
  ],
  alert: { name: 'ApplicationErrors', withinSeconds: 25 },
  hints: [
    'It depends on which server answers.',
    'Ask each server itself: /readyz says what it cannot reach.',
    'A flow has two ends and a firewall at each. At which firewall does the counter of flow:application-data stay? `lab why web3 db-primary:3306` tells.',
  ],
  needs: ['web', 'database'],
  changes: (plan) => [
    firewallRules(
      guardOf(plan, the(plan, 'database')),
      { v4: without(new RegExp(`^-A FORWARD -s ${lastServer(plan).address}/32 .*--dport 3306 `)) },
      { forget: true },
    ),
  ],
};

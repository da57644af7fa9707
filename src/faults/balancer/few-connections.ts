import { sitePort } from '../../plan/site.ts';
import { balancing } from '../changes/balancing.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const fewConnections: Fault = {
  name: 'balancer-few-connections',
  part: 'balancer',
  title: 'The balancer serves only a handful of visitors at a time',
  difficulty: 2,
  visitor: 'Nothing, until more than three come at once: then pages hang, or do not come.',
  felt: false,
  checks: ['balancing.room-for-visitors', 'hardening.configuration-intact'],
  alert: { name: 'BalancerConnectionsNearLimit', withinSeconds: 25 },
  hints: [
    'One visitor alone is served well.',
    'Open a few connections at once and keep them open.',
    'maxconn in haproxy.cfg.',
  ],
  needs: ['balancer'],
  changes: (plan) => balancing(plan, replace(new RegExp(`^ {2}bind :${sitePort(plan.lab)}`, 'm'), '  maxconn 3\n$&')),
};

import { processState } from '../changes/process.ts';
import { lastSharing } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const partnerGone: Fault = {
  name: 'balancer-partner-gone',
  part: 'balancer',
  title: 'One balancer has no partner any more: keepalived is stopped on the other',
  difficulty: 2,
  visitor: 'Nothing, until the balancer that is left goes too.',
  felt: false,
  checks: ['balancing.balancers-ready'],
  alert: { name: 'BalancerWithoutPartner', withinSeconds: 25 },
  hints: [
    'The site is well. What if one more thing fails?',
    'Both balancers answer at their own addresses. Which of them could take the shared one?',
    'keepalived does not run on one of them: `s6-svstat /run/service/.keepalived`.',
  ],
  needs: ['balancer'],
  fits: (plan) => plan.sharedAddresses.length > 0,
  changes: (plan) => [processState(lastSharing(plan), '.keepalived', 'stopped')],
};

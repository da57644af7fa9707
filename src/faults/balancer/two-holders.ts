import { secondHolder } from '../changes/second-holder.ts';
import type { Fault } from '../fault.ts';

export const twoHolders: Fault = {
  name: 'balancer-two-holders',
  part: 'balancer',
  title: 'Both balancers hold the shared address: somebody has given it to the second by hand',
  difficulty: 3,
  visitor: 'Nothing yet. Whenever a neighbour asks anew who has the address, connections may break.',
  felt: false,
  checks: ['balancing.one-holder'],
  alert: { name: 'SharedAddressHeldTwice', withinSeconds: 20 },
  hints: [
    'The site answers, and each balancer is well.',
    'Who has the address that visitors come to? Ask both.',
    '`ip addr` on each: it is on both, and keepalived has given it to one.',
  ],
  needs: ['balancer'],
  fits: (plan) => plan.sharedAddresses.length > 0,
  changes: (plan) => plan.sharedAddresses.map(secondHolder),
};

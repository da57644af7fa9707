import { configuration } from '../changes/configuration.ts';
import { lastSharing } from '../cast.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const twoHolders: Fault = {
  name: 'balancer-two-holders',
  part: 'balancer',
  title: 'Both balancers hold the shared address: they no longer understand each other',
  difficulty: 3,
  visitor: 'Mostly nothing. Now and then a connection breaks, as the address moves to and fro.',
  felt: false,
  checks: ['balancing.one-holder', 'hardening.configuration-intact'],
  alert: { name: 'SharedAddressHeldTwice', withinSeconds: 20 },
  hints: [
    'Each balancer believes that the other is gone.',
    'Who has the address? Ask both: `ip addr`.',
    'virtual_router_id in keepalived.conf must be the same on both: what has another one is not heard.',
  ],
  needs: ['balancer'],
  fits: (plan) => plan.sharedAddresses.length > 0,
  changes: (plan) => [
    configuration(lastSharing(plan), 'keepalived.conf', replace(/virtual_router_id \d+/, 'virtual_router_id 99'), {
      process: '.keepalived',
    }),
  ],
};

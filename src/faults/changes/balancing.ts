import type { Plan } from '../../plan/types.ts';
import { onBalancers } from '../cast.ts';
import type { Edit } from '../edit.ts';
import type { Change } from '../fault.ts';
import { configuration } from './configuration.ts';

/** HAProxy's configuration, changed on every balancer. */
export function balancing(plan: Plan, edit: Edit): Change[] {
  return onBalancers(plan, (balancer) => configuration(balancer, 'haproxy.cfg', edit, { process: 'haproxy' }));
}

import type { Claim } from './claim.ts';
import { componentsShared, takesAllServers, takesOneServer } from './flaw.ts';
import { nobodyTakesOver } from './lost-balancer.ts';
import { writesRefused } from './lost-primary.ts';
import { readableBehindTheBalancer, unreadableAtTheEdge } from './plaintext.ts';
import { singlePoints } from './single-points.ts';

export const claims: readonly Claim[] = [
  componentsShared,
  takesAllServers,
  takesOneServer,
  readableBehindTheBalancer,
  unreadableAtTheEdge,
  nobodyTakesOver,
  writesRefused,
  singlePoints,
];

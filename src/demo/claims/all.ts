import type { Claim } from './claim.ts';
import { nobodyTakesOver } from './lost-balancer.ts';
import { readableBehindTheBalancer, unreadableAtTheEdge } from './plaintext.ts';

export const claims: readonly Claim[] = [readableBehindTheBalancer, unreadableAtTheEdge, nobodyTakesOver];

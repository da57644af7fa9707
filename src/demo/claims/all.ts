import type { Claim } from './claim.ts';
import { singlePoints } from './single-points.ts';
import { readableBehindTheBalancer, unreadableAtTheEdge } from './plaintext.ts';

export const claims: readonly Claim[] = [readableBehindTheBalancer, unreadableAtTheEdge, singlePoints];

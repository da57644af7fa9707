import { loseBalancer } from '../../checks/balancing/lost-balancer.ts';
import { siteDoor } from '../../checks/site.ts';
import { verdict } from '../../checks/check.ts';
import { answeringAt } from '../../plan/places.ts';
import type { Claim } from './claim.ts';

/** What a lab with one balancer is like without it: the weakness that a second one mends. */
export const nobodyTakesOver: Claim = {
  id: 'loss.nobody-takes-over',
  title: 'Without its one balancer the site answers nobody',
  run: async (context) => {
    const door = siteDoor(context.plan);
    const lost = await loseBalancer(context, { ...door, among: answeringAt(context.plan, door.name) }, 'killed');
    return verdict(
      lost.costMs === null && lost.unanswered > 0,
      `${lost.old} killed: ${lost.unanswered} of ${lost.visitors} visitors without an answer, and none of them answered again before it was started`,
    );
  },
};

import * as z from 'zod';
import { activeFaults } from '../../../faults/record.ts';
import { defineMeasure } from '../measure.ts';

/** The container runs since before it was broken: a restart puts everything right, empties /tmp, and shows nothing of how to repair. */
export const notRestarted = defineMeasure({
  options: z.strictObject({ service: z.string() }),
  run: async ({ running, exercise }, { service }) => {
    const { State } = await (await running.container(service)).inspect();
    if (!State.Running) return { good: false, observed: `${service} does not run` };
    const drills = exercise.drills.map(({ fault }) => fault);
    const active = (await activeFaults(running.folder)).filter(({ fault }) => drills.includes(fault));
    const broken = Math.min(...active.map(({ brokenAt }) => Date.parse(brokenAt)));
    const good = Date.parse(State.StartedAt) <= broken;
    return { good, observed: `${service} was started ${good ? 'before' : 'again after'} it was broken` };
  },
});

import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { activeFaults } from '../../../faults/record.ts';
import { defineMeasure } from '../measure.ts';

/** A container whose processes were killed goes on for a moment. */
const lingersMs = 2000;
const pollMs = 200;

/** The container runs since before it was broken: a restart puts everything right, empties /tmp, and shows nothing of how to repair. */
export const notRestarted = defineMeasure({
  options: z.strictObject({ service: z.string() }),
  run: async ({ running, exercise, signal }, { service }) => {
    const drills = exercise.drills.map(({ fault }) => fault);
    const active = (await activeFaults(running.folder)).filter(({ fault }) => drills.includes(fault));
    const broken = Math.min(...active.map(({ brokenAt }) => Date.parse(brokenAt)));
    const deadline = performance.now() + lingersMs;
    for (;;) {
      const { State } = await (await running.container(service)).inspect();
      if (!State.Running) return { good: false, observed: `${service} does not run` };
      if (Date.parse(State.StartedAt) > broken)
        return { good: false, observed: `${service} was started again after it was broken` };
      if (performance.now() > deadline) return { good: true, observed: `${service} was started before it was broken` };
      await pause(pollMs, undefined, { signal });
    }
  },
});

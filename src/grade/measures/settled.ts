import { setTimeout as pause } from 'node:timers/promises';
import type { MeasureContext } from './measure.ts';

const pollMs = 200;

/**
 * Looks again until it is good or the time is over: what has just started, or was just broken, takes a moment. The look that decides has
 * begun after that time.
 */
export async function settled<S extends { good: boolean }>(
  { signal }: Pick<MeasureContext, 'signal'>,
  seconds: number,
  look: (turn: number) => Promise<S>,
): Promise<S> {
  const deadline = performance.now() + seconds * 1000;
  for (let turn = 0; ; turn += 1) {
    const last = performance.now() > deadline;
    const seen = await look(turn);
    if (seen.good || last) return seen;
    await pause(pollMs, undefined, { signal });
  }
}

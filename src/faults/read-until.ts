import { setTimeout as pause } from 'node:timers/promises';
import type { Change } from './fault.ts';
import type { RunningLab } from './running-lab.ts';

const deadlineMs = 5000;

/** Reads a thing until it is as wanted, or for some seconds: a thread takes a moment to stop, a link to come up. */
export async function readUntil(lab: RunningLab, change: Change, wanted: (state: string) => boolean): Promise<string> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const state = await change.read(lab);
    if (wanted(state) || performance.now() > deadline) return state;
    await pause(100);
  }
}

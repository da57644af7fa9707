import { setMaxListeners } from 'node:events';

/** Someone asked `lab` to stop before it was done. */
export class Interrupted extends Error {
  readonly exitCode: number;
  /** What to do next. */
  fix = 'run the same command again';

  constructor(readonly by: 'SIGINT' | 'SIGTERM' | 'SIGHUP') {
    super('stopped before it was done');
    this.name = 'Interrupted';
    // 128 + the signal's number, as shells have it.
    this.exitCode = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[by];
  }

  get text(): string {
    return `Stopped before it was done: ${this.fix}.\n`;
  }
}

const controller = new AbortController();
// As many listen as are at work: gradings side by side, each with what it starts and waits for.
setMaxListeners(0, controller.signal);

/** Fires when Ctrl-C is pressed for the first time, once `listen` was called. */
export const interruption = { signal: controller.signal };

/** Resolves when it fires, for commands that end well with Ctrl-C. */
export function interrupted(): Promise<void> {
  return new Promise((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true }));
}

/**
 * Turns the first Ctrl-C into an abort, and the second into an end at once.
 * @param fix what the user is told to do next
 */
export function listen(fix: string, first: () => void, last: () => void): void {
  const stop = (by: Interrupted['by']): void => {
    const interrupted = new Interrupted(by);
    if (controller.signal.aborted) {
      last();
      process.exit(interrupted.exitCode);
    }
    interrupted.fix = fix;
    first();
    controller.abort(interrupted);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
}

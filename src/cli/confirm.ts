import { createInterface } from 'node:readline/promises';
import { machineError } from '../errors.ts';
import type { EventRenderer } from '../report/events.ts';
import { interruption } from './interruption.ts';

const title = 'This machine needs a Docker engine. What would be done:';

export type Confirm = (steps: readonly string[]) => Promise<boolean>;

/** Asks on a terminal; `yes` answers beforehand. @throws UserError NEEDS_YES where there is nobody to ask */
export function confirmation(yes: boolean, renderer: EventRenderer): Confirm {
  return async (steps) => {
    const plan = steps.map((step) => `  - ${step}\n`).join('');
    if (yes) {
      renderer.emit({ type: 'note', text: 'This machine needs a Docker engine; setting one up (--yes)' });
      return true;
    }
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      throw machineError('NEEDS_YES', {
        message: 'this machine needs a Docker engine, and nobody is here to agree to that',
        found: `what would be done:\n${plan}`,
        fix: 'run it with --yes, or in a terminal',
      });
    }
    renderer.pause();
    process.stderr.write(`${title}\n${plan}`);
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    // readline takes Ctrl-C for itself while it asks.
    lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
    try {
      const answer = await lines.question('Go on? [y/N] ', { signal: interruption.signal });
      return /^\s*y(es)?\s*$/i.test(answer);
    } finally {
      lines.close();
    }
  };
}

import { createInterface } from 'node:readline/promises';
import { UserError, exitCode } from '../errors.ts';
import type { EventRenderer } from '../report/events.ts';
import { interruption } from './interruption.ts';

/** A question that is answered by yes or no. */
export interface Question {
  /** A sentence that says why it is asked. */
  why: string;
  /** What would be done. */
  steps: readonly string[];
  /** The exit code where nobody can answer. */
  unanswered: typeof exitCode.failing | typeof exitCode.machine;
}

/** Asks before the machine is changed. */
export type Confirm = (steps: readonly string[]) => Promise<boolean>;

/** Asks on a terminal; `yes` answers beforehand. @throws UserError NEEDS_YES where there is nobody to ask */
export type Ask = (question: Question) => Promise<boolean>;

export function asking(yes: boolean, renderer: EventRenderer): Ask {
  return async ({ why, steps, unanswered }) => {
    const plan = steps.map((step) => `  - ${step}\n`).join('');
    if (yes) {
      renderer.emit({ type: 'note', text: `${why} (--yes)` });
      return true;
    }
    if (!process.stdin.isTTY || !process.stderr.isTTY) {
      throw new UserError('NEEDS_YES', unanswered, {
        message: `${why} Nobody is here to agree to what is to be done.`,
        found: `what would be done:\n${plan}`,
        fix: 'run it with --yes, or in a terminal',
      });
    }
    renderer.pause();
    process.stderr.write(`${why} What would be done:\n${plan}`);
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

/** The question before an engine is installed or started. */
export function confirmation(ask: Ask): Confirm {
  return (steps) => ask({ why: 'This machine needs a Docker engine.', steps, unanswered: exitCode.machine });
}

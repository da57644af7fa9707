import * as z from 'zod';
import { inTheirs } from '../in-theirs.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { ownClient } from './as-root.ts';

const seconds = 6;
/** None of the client's own commands, which would read files, run programs or write what is shown to a file. */
const withoutCommands = ['--binary-mode', '--skip-commands', '--skip-system-command', '--local-infile=0', '--batch'];

/** `<secret NAME>` in a script stands for a password that is made for this run; an account's is NAME without `mysql-`. */
export function passwordOf({ fresh }: MeasureContext, user: string): string {
  return fresh(`password/${user}`);
}

/** A file of the submission is run by MySQL's administrator, in the server's container, without an error. */
export const runsScript = defineMeasure({
  options: z.strictObject({ service: z.string(), file: z.string() }),
  run: async (context, { service, file }) => {
    const text = context.submission.files.get(file);
    if (text === undefined) return { good: false, observed: `the submission has no file ${file}` };
    const script = text.replace(/<secret mysql-([a-z]{1,20})>/g, (_, user: string) => passwordOf(context, user));
    const client = ['timeout', '--signal=KILL', String(seconds), ...ownClient, ...withoutCommands];
    // What it shows interests nobody, however long it is. The client stops at the first error.
    const { exitCode, stderr } = await inTheirs(
      context,
      service,
      ['sh', '-c', 'exec "$@" >/dev/null', 'sh', ...client],
      { stdin: script, timeoutMs: (seconds + 4) * 1000 },
    );
    if (exitCode === 0) return { good: true, observed: 'it runs to its end' };
    const late = exitCode === 124 || exitCode === 137;
    return { good: false, observed: late ? `it had not ended after ${seconds} s` : stderr.trim().slice(0, 600) };
  },
});

import type { Command } from 'commander';
import { openRunning } from '../../life/running.ts';
import { coloursFor } from '../../report/colours.ts';
import { fixedText } from '../../report/faults.ts';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';
import { withSession } from '../session.ts';

interface Flags {
  project?: string;
  json?: boolean;
}

export function define(command: Command): void {
  command
    .argument('[fault]', 'An active fault (default: all)')
    .addOption(option.project())
    .addOption(option.json())
    .addHelpText(
      'after',
      `
It restores exactly what was there before \`lab break\`, whatever was tried by hand meanwhile, and says what it found.`,
    )
    .action(async (name: string | undefined, flags: Flags) => {
      await withSession(command, { resume: 'run `lab fix` again' }, async (session) => {
        const { fixProject } = await import('../../life/broken.ts');
        const open = await openRunning(flags.project);
        const fixed = await fixProject(open, name, session);
        return () => {
          if (flags.json)
            writeJson({
              project: open.project.name,
              fixed: fixed.map(({ fault, mended }) => ({ fault: fault.name, mended })),
            });
          else write(fixedText(fixed, coloursFor(process.stdout)));
        };
      });
    });
}

import type { Command } from 'commander';
import { openRunning } from '../../life/running.ts';
import { faultText } from '../../report/faults.ts';
import { calledAs } from '../called-as.ts';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';
import { withSession } from '../session.ts';

interface Flags {
  project?: string;
  yes?: boolean;
  json?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<fault>', 'Its name, as `lab list faults` shows it')
    .addOption(option.project())
    .addOption(option.yes())
    .addOption(option.json())
    .addHelpText(
      'after',
      `
Whatever it changes is kept beforehand, and \`lab fix\` puts it back. Faults that do not touch the same thing go together.

Examples:
  lab list faults
  lab break server-nginx-stopped
  lab verify                        see which checks fail
  lab fix                           put everything back`,
    )
    .action(async (name: string, flags: Flags) => {
      await withSession(
        command,
        { yes: flags.yes === true, resume: '`lab fix` puts back what was broken so far' },
        async (session) => {
          const [{ breakProject }, { mendLeftOver }, { isWatched }] = await Promise.all([
            import('../../life/broken.ts'),
            import('../../life/left-over.ts'),
            import('../../drill/inbox.ts'),
          ]);
          const open = await openRunning(flags.project);
          await mendLeftOver(open, session);
          const { fault, record } = await breakProject(open, name);
          return () => {
            if (flags.json)
              writeJson({
                project: open.project.name,
                fault: name,
                brokenAt: record.brokenAt,
                touches: record.changes.map(({ touches }) => touches),
              });
            else write(faultText(fault, calledAs(), isWatched(open.project.plan)));
          };
        },
      );
    });
}

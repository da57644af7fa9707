import type { Command } from 'commander';
import { exitCode, inputError } from '../../errors.ts';
import type { DrillResult } from '../../drill/result.ts';
import { openRunning } from '../../life/running.ts';
import { coloursFor } from '../../report/colours.ts';
import { drillReporters } from '../../report/drill.ts';
import { option } from '../options.ts';
import { write, writeJson, writeTo } from '../output.ts';
import { withSession } from '../session.ts';

interface Flags {
  project?: string;
  all?: boolean;
  json?: boolean;
  reporter: keyof typeof drillReporters;
  output?: string;
  yes?: boolean;
}

export function define(command: Command): void {
  command
    .argument('[faults...]', 'Their names, as `lab list faults` shows them')
    .option('--all', 'Every fault, one after the other')
    .addOption(option.project())
    .addOption(option.yes())
    .option('--reporter <name>', `Format: ${Object.keys(drillReporters).join(', ')}`, 'terminal')
    .option('--output <path>', 'Write to a file')
    .addOption(option.json())
    .addHelpText(
      'after',
      `
For each fault: the checks that fail are compared with those that it declares, the alert is waited for in the inbox, and
when the fault is taken out again, the lab has to recover. What is not as declared is measured again for 15 s. The lab
must be well before. Ctrl-C takes out what is in.

Examples:
  lab drill server-nginx-stopped database-lag
  lab drill --all --json > drill.json

Exit codes: 0 all as declared, 1 a difference.`,
    )
    .action(async (names: string[], flags: Flags) => {
      if ((names.length === 0) === (flags.all !== true))
        throw inputError('DRILL_WHAT', {
          message: 'say which faults to drill, or --all',
          fix: '`lab list faults` shows them',
        });
      if (!(flags.reporter in drillReporters))
        throw inputError('REPORTER_UNKNOWN', {
          message: `there is no reporter "${flags.reporter}"`,
          expected: Object.keys(drillReporters).join(', '),
        });
      await withSession(
        command,
        { yes: flags.yes === true, resume: '`lab fix` puts back what a drill has left' },
        async (session) => {
          const [{ mendLeftOver }, { drill }, { faultsFor }] = await Promise.all([
            import('../../life/left-over.ts'),
            import('../../drill/drill.ts'),
            import('../../faults/break.ts'),
          ]);
          const open = await openRunning(flags.project);
          await mendLeftOver(open, session);
          const chosen = flags.all === true ? faultsFor(open.project.plan).map(({ name }) => name) : names;
          const result = await drill(open, chosen, session);
          return async () => {
            await report(result, flags);
            if (result.summary.different > 0 || result.whole.failed.length > 0) process.exitCode = exitCode.failing;
          };
        },
      );
    });
}

async function report(result: DrillResult, { json, reporter, output }: Flags): Promise<void> {
  if (json) writeJson(result);
  const render = drillReporters[reporter];
  if (output !== undefined) await writeTo(output, render(result, coloursFor({})));
  else if (!json) write(render(result, coloursFor(process.stdout)));
}

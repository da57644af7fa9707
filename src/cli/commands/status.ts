import type { Command } from 'commander';
import { exitCode } from '../../errors.ts';
import { status } from '../../life/status.ts';
import { coloursFor } from '../../report/colours.ts';
import { statusText } from '../../report/status.ts';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';

export function define(command: Command): void {
  command
    .addOption(option.project())
    .addOption(option.json())
    .addHelpText('after', '\nExit codes: 0 up, 1 degraded or down.')
    .action(async (flags: { project?: string; json?: boolean }) => {
      const result = await status(flags.project);
      if (flags.json) writeJson(result);
      else write(statusText(result, coloursFor(process.stdout)));
      if (result.state !== 'up') process.exitCode = exitCode.failing;
    });
}

import type { Command } from 'commander';
import { machineError } from '../../errors.ts';
import { option } from '../options.ts';
import { writeJson } from '../output.ts';
import { withSession } from '../session.ts';

export function define(command: Command): void {
  command
    .addOption(option.yes())
    .addOption(option.json())
    .addHelpText(
      'after',
      '\nLooks at this machine, shows what it would do, asks, and does only what is missing. `lab up` does the same by itself.',
    )
    .action(async (flags: { yes?: boolean; json?: boolean }) => {
      await withSession(
        command,
        { yes: flags.yes === true, resume: 'run `lab setup` again, it does what is left' },
        async (session) => {
          const { setup } = await import('../../engine/setup/setup.ts');
          const result = await setup(session);
          if (result === 'declined')
            throw machineError('DECLINED', {
              message: 'nothing was changed',
              fix: 'run `lab setup` again when you agree',
            });
          return () => flags.json && writeJson({ result });
        },
      );
    });
}

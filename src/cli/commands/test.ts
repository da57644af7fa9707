import type { Command } from 'commander';
import { exitCode } from '../../errors.ts';
import { runTests } from '../test-run.ts';
import { option } from '../options.ts';
import { withSession } from '../session.ts';
import { installation } from '../../installation.ts';

export function define(command: Command): void {
  command
    .option('--quick', 'Only the tests that need no Docker engine', false)
    .addOption(option.yes())
    .addHelpText(
      'after',
      `
Runs the linter, the type checker and the tests: units, every image alone, whole labs. The last line counts the tests.

Exit codes: 0 all passed, 1 something failed.`,
    )
    .action(async (flags: { quick: boolean; yes?: boolean }) => {
      if (!flags.quick) {
        await withSession(command, { yes: flags.yes === true, resume: 'run `lab test` again' }, async (session) => {
          const [{ engineReady }, { ensureImages }] = await Promise.all([
            import('../../engine/setup/ready.ts'),
            import('../../engine/images/build.ts'),
          ]);
          await ensureImages(await engineReady(session), installation.root, session);
          return () => undefined;
        });
      }
      if (!(await runTests(installation.root, flags.quick))) process.exitCode = exitCode.failing;
    });
}

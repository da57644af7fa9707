import type { Command } from 'commander';
import { exitCode } from '../../errors.ts';
import type { Proof } from '../../grade/prove.ts';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';
import { withSession } from '../session.ts';

interface TestFlags {
  only?: string;
  json?: boolean;
  yes?: boolean;
}

export function define(command: Command): void {
  command
    .command('test')
    .description('Prove exercises: solution, starter and variants score what they declare')
    .argument('[exercise...]', 'Their names; none: all')
    .option('--only <text>', 'Only the known submissions whose name contains this, such as variants/no-check')
    .addOption(option.yes())
    .addOption(option.json())
    .addHelpText(
      'after',
      `
The solution must score 100 %, the starter 10 % at most, an empty folder nothing, and each variant exactly what its
variant.yml says. Solutions and a third of the variants are graded twice and must score the same.

Examples:
  lab exercise test
  lab exercise test tls-termination --only no-check

Exit codes: 0 all as declared, 1 something was not.`,
    )
    .action(async (names: string[], flags: TestFlags, sub: Command) => {
      await withSession(sub, { yes: flags.yes === true }, async (session) => {
        const [{ engineReady }, { exerciseNames, loadExercise }, { proveOnEngine }] = await Promise.all([
          import('../../engine/setup/ready.ts'),
          import('../../grade/exercise/load.ts'),
          import('../../grade/proof-run.ts'),
        ]);
        const exercises = await Promise.all((names.length > 0 ? names : await exerciseNames()).map(loadExercise));
        const docker = await engineReady(session);
        const proofs: (Proof & { exercise: string })[] = [];
        const { only } = flags;
        for (const exercise of exercises) {
          const choice = only === undefined ? {} : { only: (name: string) => name.includes(only) };
          const found = await proveOnEngine(docker, exercise, { ...session, ...choice });
          proofs.push(...found.map((proof) => ({ exercise: exercise.name, ...proof })));
        }
        return () => {
          const wrong = proofs.filter(({ differences }) => differences.length > 0);
          if (flags.json === true) writeJson({ proofs });
          else {
            for (const { exercise, name, differences } of wrong)
              write(`${exercise}: ${name}: ${differences.join('; ')}\n`);
            write(`${proofs.length - wrong.length} of ${proofs.length} known submissions score as declared\n`);
          }
          if (wrong.length > 0) process.exitCode = exitCode.failing;
        };
      });
    });
}

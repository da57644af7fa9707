import type { Command } from 'commander';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';

interface Flags {
  exercise: string;
  key?: string;
  student?: string;
  json?: boolean;
}

export function define(command: Command): void {
  command
    .argument('<dir>', 'A folder that is new or empty')
    .requiredOption('-e, --exercise <name>', 'Which; `lab list exercises` shows them')
    .option('--key <file>', 'The grader’s key: every student gets values of their own')
    .option('--student <id>', 'Whose values; the same as when it is graded')
    .addOption(option.json())
    .addHelpText(
      'after',
      `
Writes the task (README.md) and the files to begin with.

Examples:
  lab new my-tls --exercise tls-termination
  lab new alice --exercise tls-termination --key class.key --student alice`,
    )
    .action(async (dir: string, flags: Flags) => {
      const [{ loadExercise }, { parametersFor }, { handOut }, { readKey }] = await Promise.all([
        import('../../grade/exercise/load.ts'),
        import('../../grade/exercise/parameters.ts'),
        import('../../grade/hand-out.ts'),
        import('../../grade/key.ts'),
      ]);
      const exercise = await loadExercise(flags.exercise);
      const key = flags.key === undefined ? undefined : await readKey(flags.key);
      const files = await handOut(exercise, dir, parametersFor(exercise, key, flags.student ?? 'student'));
      if (flags.json === true) return writeJson({ exercise: exercise.name, folder: dir, files });
      write(`${exercise.title}\n${files.map((file) => `  ${dir}/${file}\n`).join('')}`);
      write(`Read ${dir}/README.md, then: lab grade ${dir} --exercise ${exercise.name}\n`);
    });
}

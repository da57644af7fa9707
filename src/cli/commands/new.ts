import { resolve } from 'node:path';
import type { Command } from 'commander';
import { checkStudent } from '../grade/flags.ts';
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
    .option('--student <id>', 'Whose values; the same as when it is graded (default: the folder’s name, as there)')
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
      checkStudent(flags.student);
      const [{ loadExercise }, { parametersFor }, { handOut }, { studentId }, { readKey }] = await Promise.all([
        import('../../grade/exercise/load.ts'),
        import('../../grade/exercise/parameters.ts'),
        import('../../grade/hand-out.ts'),
        import('../../grade/intake/student-ids.ts'),
        import('../../grade/key.ts'),
      ]);
      const exercise = await loadExercise(flags.exercise);
      const key = flags.key === undefined ? undefined : await readKey(flags.key);
      // As `lab grade` calls whoever hands this folder in.
      const student = flags.student ?? studentId(resolve(dir), true);
      const files = await handOut(exercise, dir, parametersFor(exercise, key, student));
      if (flags.json === true) return writeJson({ exercise: exercise.name, folder: dir, files });
      write(`${exercise.title}\n${files.map((file) => `  ${dir}/${file}\n`).join('')}`);
      const keyed = flags.key === undefined ? '' : ` --key ${flags.key} --student ${student}`;
      write(`Read ${dir}/README.md, then: ./lab grade ${dir} --exercise ${exercise.name}${keyed}\n`);
    });
}

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { loadExercise } from '../../grade/exercise/load.ts';
import { classroomFiles } from '../../grade/export/github-classroom.ts';
import { gradescopeBundle } from '../../grade/export/gradescope.ts';
import { pinnedVersion } from '../../grade/export/pinned.ts';
import { zipOf } from '../../grade/export/zip.ts';
import { readKeyFile } from '../../grade/read-result.ts';
import { installation } from '../../installation.ts';
import { given } from '../options.ts';
import { write, writeTo } from '../output.ts';
import { prepare } from '../program.ts';

export function define(command: Command): void {
  command.addHelpText(
    'after',
    `
What is written says itself what it needs: a Docker engine above all, which Gradescope does not give.

Examples:
  lab export gradescope --exercise tls-termination --out autograder.zip
  lab export github-classroom --exercise tls-termination --out template`,
  );
  gradescope(command);
  classroom(command);
}

function gradescope(parent: Command): void {
  sub(parent, 'gradescope', 'Write an autograder for Gradescope')
    .requiredOption('--exercise <name>', 'The exercise that it grades')
    .requiredOption('--out <file>', 'Where the zip archive goes')
    .option('--key <file>', 'The grader’s key, put into the archive')
    .action(async (flags: { exercise: string; out: string; key?: string }) => {
      const exercise = await loadExercise(flags.exercise);
      const key = flags.key === undefined ? undefined : Buffer.from(await readKeyFile(flags.key));
      const files = await gradescopeBundle(installation.root, exercise, key);
      await writeFile(flags.out, await zipOf(files), { mode: key === undefined ? 0o644 : 0o600 });
      // The mode above is that of a new file alone.
      if (key !== undefined) await chmod(flags.out, 0o600);
      write(
        `${flags.out}: ${files.length} files.\n` +
          'Gradescope’s containers have no Docker engine: its README.md says what a machine of your own has to do.\n',
      );
    });
}

function classroom(parent: Command): void {
  sub(parent, 'github-classroom', 'Write a workflow that grades at every push')
    .requiredOption('--exercise <name>', 'The exercise that it grades')
    .requiredOption('--out <folder>', 'Where the files go: the assignment’s template repository')
    .option('--repository <owner/name>', 'Where this repository lies on GitHub (default: its remote `origin`)')
    .option('--ref <commit>', 'The version that grades (default: the one that is checked out)')
    .action(async (flags: { exercise: string; out: string; repository?: string; ref?: string }) => {
      const exercise = await loadExercise(flags.exercise);
      const pinned = await pinnedVersion(installation.root, {
        ...given('repository', flags.repository),
        ...given('commit', flags.ref),
      });
      for (const { path, content } of classroomFiles(exercise, pinned)) {
        await writeTo(join(flags.out, path), content.toString());
        write(`${join(flags.out, path)}\n`);
      }
      write(`Graded with ${pinned.repository} at ${pinned.commit}. GRADING.md says what it needs.\n`);
    });
}

function sub(parent: Command, name: string, summary: string): Command {
  return prepare(parent.command(name)).summary(summary).description(`${summary}.`);
}

import type { Command } from 'commander';
import { findCompose } from '../../engine/compose.ts';
import { composeProject, openProject } from '../../life/projects.ts';
import { checkService } from '../containers.ts';
import { count, option } from '../options.ts';
import { passThrough } from '../pass-through.ts';

interface Flags {
  project?: string;
  follow?: boolean;
  tail: number | 'all';
  timestamps?: boolean;
}

export function define(command: Command): void {
  command
    .argument('[services...]', 'Such as web1 or db-primary (default: all)')
    .addOption(option.project())
    .option('-f, --follow', 'Wait for more, until Ctrl-C')
    .option(
      '-n, --tail <lines>',
      'How many of the last lines, or all',
      (text: string) => (text === 'all' ? text : count(text)),
      100,
    )
    .option('-t, --timestamps', 'Show when each line was written')
    .action(async (services: string[], flags: Flags) => {
      const project = await openProject(flags.project);
      for (const service of services) checkService(project, service);
      const { project: name, directory, file } = composeProject(project);
      const [program = 'docker', ...plugin] = (await findCompose()).argv;
      const more = [...(flags.follow ? ['--follow'] : []), ...(flags.timestamps ? ['--timestamps'] : [])];
      const where = ['--project-name', name, '--project-directory', directory, '--file', file];
      const argv = [...plugin, ...where, 'logs', '--tail', String(flags.tail), ...more, ...services];
      // Compose clears the line before each, whether there is a terminal or not, and `--ansi never` does not keep it from that.
      process.exitCode = await passThrough(program, argv, { plain: !process.stdout.isTTY });
    });
}

import type { Command } from 'commander';
import { openProject } from '../../life/projects.ts';
import { probeArguments } from '../probe-arguments.ts';
import { checkService, runningContainer } from '../containers.ts';
import { option } from '../options.ts';
import { passThrough } from '../pass-through.ts';

export function define(command: Command): void {
  command
    .usage('<from> [options] -- <command...>')
    .argument('<from>', 'A service, to stand where it stands; or a zone, to be a stranger there')
    .argument('<command...>', 'What to run; put -- before it')
    .addOption(option.project())
    .addHelpText(
      'after',
      `
It has curl, openssl, nmap, nc, tcpdump, ip and ss. Services are known by name.

Examples:
  lab probe web1 -- nc -zv -w 2 db-primary 3306      allowed
  lab probe edge -- nc -zv -w 2 db-primary 3306      dropped
  lab probe dmz -- nmap -Pn web1

Exit code: the command’s own.`,
    )
    .action(async (from: string, argv: string[], flags: { project?: string }) => {
      const project = await openProject(flags.project);
      const zone = project.plan.zones.find(({ name }) => name === from);
      checkService(
        project,
        from,
        project.plan.zones.map(({ name }) => name),
      );
      const place =
        zone === undefined
          ? { containerId: (await runningContainer(project.name, from)).id }
          : { networks: [zone.network] };
      process.exitCode = await passThrough(
        'docker',
        probeArguments(project.plan, place, zone, argv, process.stdin.isTTY && process.stdout.isTTY),
      );
    });
}

import type { Command } from 'commander';
import { runningContainer } from '../containers.ts';
import { option } from '../options.ts';
import { passThrough } from '../pass-through.ts';

export function define(command: Command): void {
  command
    .usage('<service> [options] [-- command...]')
    .argument('<service>', 'Such as web1 or fw-edge')
    .argument('[command...]', 'What to run instead of a shell; put -- before it')
    .addOption(option.project())
    .option('--user <user>', 'As this user, in place of the service’s own')
    .addHelpText(
      'after',
      `
Examples:
  lab shell web1
  lab shell fw-edge -- iptables -nvL FORWARD

Exit code: the command’s own.`,
    )
    .action(async (service: string, argv: string[], flags: { project?: string; user?: string }) => {
      const { id, name, user: own } = await runningContainer(flags.project, service);
      const terminal = process.stdin.isTTY && process.stdout.isTTY;
      const as = flags.user ?? own;
      const user = as === undefined ? [] : ['--user', as];
      const shell = ['sh', '-c', 'command -v bash >/dev/null && exec bash || exec sh'];
      const prompt = ['--env', `PS1=${name}:\\w\\$ `];
      process.exitCode = await passThrough('docker', [
        'exec',
        '--interactive',
        ...(terminal ? ['--tty', ...prompt] : []),
        ...user,
        id,
        ...(argv.length === 0 ? shell : argv),
      ]);
    });
}

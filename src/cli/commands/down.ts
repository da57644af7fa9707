import type { Command } from 'commander';
import type { DownResult } from '../../life/down.ts';
import { option } from '../options.ts';
import { write, writeJson } from '../output.ts';
import { withSession } from '../session.ts';

export function define(command: Command): void {
  command
    .addOption(option.project())
    .option('--all', 'Remove its data, keys and files too', false)
    .addOption(option.json())
    .addHelpText('after', '\nWithout --all, `lab up` brings it back with its data and keys.')
    .action(async (flags: { project?: string; all: boolean; json?: boolean }) => {
      await withSession(command, { resume: 'run `lab down` again' }, async (session) => {
        const { down } = await import('../../life/down.ts');
        const result = await down({ project: flags.project, all: flags.all }, session);
        return () => (flags.json ? writeJson(result) : write(text(result)));
      });
    });
}

function text({ project, containers, networks, volumes, files }: DownResult): string {
  const gone = [
    counted(containers, 'container'),
    counted(networks, 'network'),
    counted(volumes, 'volume'),
    files ? 'its files' : '',
  ].filter(Boolean);
  if (gone.length === 0) return `${project} was down already.\n`;
  return `${project} is down: removed ${gone.join(', ')}.${files ? '' : ' Its data and keys are kept; --all removes them.'}\n`;
}

function counted(number: number, what: string): string {
  return number === 0 ? '' : `${number} ${what}${number === 1 ? '' : 's'}`;
}

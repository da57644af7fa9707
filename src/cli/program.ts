import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommanderError } from 'commander';
import { Command, Option } from 'commander';
import { installation } from '../installation.ts';
import { coloursFor } from '../report/colours.ts';
import { commands } from './commands.ts';
import { rootHelp } from './root-help.ts';
import { Usage } from './usage.ts';

/** The program with all its commands named, and only the one that `argv` calls loaded. */
export async function makeProgram(argv: readonly string[]): Promise<Command> {
  const program: Command = prepare(new Command('lab'))
    .usage('<command> [options]')
    .description(
      'Turns a short definition of a web infrastructure into a running, secured, monitored and provable one.',
    )
    .version(version(), '-V, --version', 'Show the version')
    // The options come with the rest of the help, below the commands.
    .configureHelp({ visibleOptions: () => [], styleTitle })
    .addOption(
      new Option('--progress <how>', 'Draw progress as a tree, plain lines, JSON lines or not at all')
        .choices(['auto', 'tree', 'plain', 'json', 'none'])
        .default('auto')
        .env('LAB_PROGRESS'),
    )
    .option('--plain', 'The same as --progress plain')
    .option('--quiet', 'The same as --progress none')
    .option('--no-color', 'Write no colours')
    .addHelpText('after', () => rootHelp(program.options, coloursFor(process.stdout)));
  program.addHelpCommand(
    prepare(new Command('help')).argument('[command]').description('Show what a command takes').helpGroup('Set up:'),
  );
  const called = calledCommand(argv);
  if (called === undefined) program.action(() => program.outputHelp());
  for (const { name, group, summary, hidden, load } of commands) {
    const command = prepare(program.command(name, { hidden: hidden === true }))
      .summary(summary)
      .helpGroup(group);
    command.description(`${summary}.`);
    if (name === called) (await load()).define(command);
  }
  return program;
}

/** The first word that is no option; `lab help up` needs what `lab up --help` needs. */
export function calledCommand(argv: readonly string[]): string | undefined {
  const words = argv.filter((word, index) => !word.startsWith('-') && argv[index - 1] !== '--progress');
  return words[0] === 'help' ? words[1] : words[0];
}

/** What all commands share: errors come as exceptions, help has titles that stand out. */
export function prepare(command: Command): Command {
  return command
    .exitOverride((error: CommanderError) => {
      throw new Usage(error, path(command));
    })
    .configureOutput({ writeErr: () => undefined, outputError: () => undefined })
    .configureHelp({ showGlobalOptions: true, styleTitle })
    .helpOption('-h, --help', 'Show this help')
    .showSuggestionAfterError();
}

function styleTitle(title: string): string {
  return coloursFor(process.stdout).bold(title);
}

function path(command: Command): string {
  return command.parent === null ? command.name() : `${path(command.parent)} ${command.name()}`;
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(installation.root, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

import type { Command } from 'commander';
import { commands } from './commands.ts';
import { makeProgram } from './program.ts';

/** What may be typed for the last of these words, as a shell asks it. Never throws: there is nobody to read an error. */
export async function candidates(words: readonly string[]): Promise<string[]> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  if (before.includes('--')) return [];
  const program = await makeProgram(before);
  const command = commandIn(program, before);
  const all = await valuesAt(program, command, before, current).catch(() => []);
  return [...new Set(all)].filter((word) => word.startsWith(current)).sort();
}

function commandIn(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) command = command.commands.find((candidate) => candidate.name() === word) ?? command;
  return command;
}

async function valuesAt(
  program: Command,
  command: Command,
  before: readonly string[],
  current: string,
): Promise<string[]> {
  const option = [...command.options, ...program.options].find(({ long, short }) =>
    [long, short].includes(before.at(-1) ?? ''),
  );
  if (option !== undefined && (option.required || option.optional)) {
    return option.argChoices ?? (await named(option.attributeName(), before));
  }
  if (current.startsWith('-'))
    return [...command.options, ...program.options].flatMap(({ long }) => (typeof long === 'string' ? [long] : []));
  if (command === program && before.some((word) => !word.startsWith('-') && word !== 'help')) return [];
  if (command === program) return commands.flatMap(({ name, hidden }) => (hidden === true ? [] : [name]));
  if (command.commands.length > 0) return command.commands.map((sub) => sub.name());
  const typed = before.slice(before.indexOf(command.name()) + 1).filter((word) => !word.startsWith('-')).length;
  const argument = command.registeredArguments[Math.min(typed, command.registeredArguments.length - 1)];
  if (argument === undefined || (typed >= command.registeredArguments.length && !argument.variadic)) return [];
  return argument.argChoices ?? (await named(argument.name(), before));
}

/** Values by the name of an argument or option. */
async function named(name: string, before: readonly string[]): Promise<string[]> {
  const flag = before.findIndex((word) => word === '--project' || word === '-p');
  const project = flag === -1 ? undefined : before[flag + 1];
  switch (name) {
    case 'lab':
      return (await import('../life/labs.ts')).labNames();
    case 'first':
    case 'second':
      return [
        ...(await (await import('../life/labs.ts')).labNames()),
        ...(await (await import('../life/projects.ts')).projectNames()),
      ];
    case 'project':
      return (await import('../life/projects.ts')).projectNames();
    case 'service':
    case 'services':
    case 'from': {
      const { plan } = await (await import('../life/projects.ts')).openProject(project);
      return [...plan.services, ...(name === 'from' ? plan.zones : [])].map((one) => one.name);
    }
    case 'zone': {
      const { plan } = await (await import('../life/projects.ts')).openProject(project);
      return plan.zones.map((one) => one.name);
    }
    case 'demo':
      return (await import('../demo/load.ts')).demoNames();
    case 'fault':
    case 'faults':
      return (await (await import('./listings.ts')).listings.faults()).map((fault) => fault.name);
    case 'only':
      return (await (await import('./listings.ts')).listings.checks()).map((check) => check.name);
    default:
      return [];
  }
}

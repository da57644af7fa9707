import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { calledCommand, makeProgram } from '../../../src/cli/program.ts';

describe('the program', { timeout: 30_000 }, () => {
  it('names every command in its help, and loads none of them for that', async () => {
    const help = (await makeProgram(['--help'])).helpInformation();
    for (const { name, group, summary, hidden } of commands) {
      expect(help.includes(summary)).toBe(hidden !== true);
      if (hidden !== true) expect(help.indexOf(group)).toBeLessThan(help.indexOf(`  ${name} `));
    }
  });

  it.each([
    ['up', ['--project', '--yes', '--json', '--https-port', '--http-port', '--certificates', '--no-verify']],
    ['down', ['--project', '--all']],
    ['status', ['--project', '--json']],
    ['verify', ['--project', '--only', '--reporter', '--output', '--json']],
    ['generate', ['--out', '--seed']],
    ['list', ['--json']],
    ['diagram', ['--format']],
    ['doctor', ['--json']],
    ['setup', ['--yes']],
  ])('%s has the options that other programs rely on', async (name, options) => {
    const program = await makeProgram([name]);
    const command = program.commands.find((candidate) => candidate.name() === name);
    expect(command?.options.map(({ long }) => long)).toEqual(expect.arrayContaining(options));
  });

  it.each([
    ['results', 'key', ['--out']],
    ['results', 'verify', ['--key', '--json']],
    ['results', 'show', ['--reporter', '--audience', '--output']],
    ['results', 'explain', []],
    ['results', 'compare', ['--json']],
    ['export', 'gradescope', ['--exercise', '--out', '--key']],
    ['export', 'github-classroom', ['--exercise', '--out', '--repository', '--ref']],
  ])('%s %s has the options that the documentation names', async (name, inner, options) => {
    const program = await makeProgram([name]);
    const command = program.commands.find((candidate) => candidate.name() === name);
    const sub = command?.commands.find((candidate) => candidate.name() === inner);
    expect(sub?.options.map(({ long }) => long)).toEqual(options);
  });

  it('gives every command that it loads a description and, for its arguments, what they are', async () => {
    for (const { name } of commands.filter(({ hidden }) => hidden !== true)) {
      const command = (await makeProgram([name])).commands.find((candidate) => candidate.name() === name);
      expect(command?.description()).not.toBe('');
      for (const argument of command?.registeredArguments ?? []) expect(argument.description).not.toBe('');
    }
  });
});

describe('the command that is called', () => {
  it.each([
    [['up', '--yes'], 'up'],
    [['--plain', 'status'], 'status'],
    [['--progress', 'json', 'up'], 'up'],
    [['help', 'verify'], 'verify'],
    [['--help'], undefined],
    [[], undefined],
  ])('of %j is %s', (argv, called) => expect(calledCommand(argv)).toBe(called));
});

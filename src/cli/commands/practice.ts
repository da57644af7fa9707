import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { exitCode } from '../../errors.ts';
import { openRunning } from '../../life/running.ts';
import { coloursFor } from '../../report/colours.ts';
import { endingText, failingText, riddleText } from '../../report/practice.ts';
import { calledAs } from '../called-as.ts';
import { count, given, option } from '../options.ts';
import { write, writeJson } from '../output.ts';
import { withSession, type Session } from '../session.ts';

interface Flags {
  project?: string;
  difficulty?: number;
  seed?: number;
  yes?: boolean;
  json?: boolean;
}

const actions = ['start', 'hint', 'check', 'end'] as const;

export function define(command: Command): void {
  command
    .addArgument(
      new Argument('[action]', 'start breaks something, or shows what is to be found')
        .choices(actions)
        .default('start'),
    )
    .addOption(option.project())
    .addOption(new Option('--difficulty <1-3>', 'How hard it is to find').argParser(difficulty))
    .addOption(
      new Option('--seed <number>', 'The same number gives everybody in a class the same fault').argParser(count),
    )
    .addOption(option.yes())
    .addOption(option.json())
    .addHelpText(
      'after',
      `
You may leave and come back: what is to be found stays until it is mended or given up.

Examples:
  lab practice --difficulty 1
  lab practice hint
  lab practice check

Exit codes: 0 all well, 1 it still fails.`,
    )
    .action(async (action: (typeof actions)[number], flags: Flags) => {
      await withSession(
        command,
        { yes: flags.yes === true, resume: 'run `lab practice` again, it goes on from here' },
        (session) => perform(action, flags, session),
      );
    });
}

async function perform(action: (typeof actions)[number], flags: Flags, session: Session): Promise<() => void> {
  const [practice, { mendLeftOver }, { readPractice }] = await Promise.all([
    import('../../drill/practice.ts'),
    import('../../life/left-over.ts'),
    import('../../drill/practice-state.ts'),
  ]);
  const open = await openRunning(flags.project);
  await mendLeftOver(open, session);
  const { colours } = session;
  const say = (value: object, text: string) => () => (flags.json ? writeJson(value) : write(text));
  if (action === 'hint') {
    const hint = await practice.nextHint(open);
    return say(hint, `Hint ${hint.number} of ${hint.of}: ${hint.hint}\n`);
  }
  if (action === 'end') {
    const ending = await practice.endPractice(open, false, session);
    return say({ ...ending, fault: ending.fault.name }, endingText(ending, colours));
  }
  if (action === 'check') {
    const { failing, ending } = await practice.checkPractice(open, session);
    if (ending !== undefined)
      return say({ failing, ending: { ...ending, fault: ending.fault.name } }, endingText(ending, colours));
    process.exitCode = exitCode.failing;
    return say({ failing }, failingText(failing, coloursFor(process.stdout)));
  }
  const choice = { ...given('difficulty', flags.difficulty), ...given('seed', flags.seed) };
  const known = await readPractice(open.project.folder);
  const riddle =
    known === undefined
      ? await practice.startPractice(open, choice, session)
      : await practice.showPractice(open, session);
  return say(riddle, riddleText(riddle, colours, calledAs()));
}

function difficulty(text: string): number {
  if (!/^[123]$/.test(text)) throw new InvalidArgumentError('It is 1, 2 or 3.');
  return Number(text);
}

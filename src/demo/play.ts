import { execa } from 'execa';
import { noticeMs } from '../drill/failures.ts';
import { mailAbout } from '../drill/inbox.ts';
import { installation } from '../installation.ts';
import { breakProject, fixProject } from '../life/broken.ts';
import { measuring } from '../life/verify.ts';
import type { Player } from './cast.ts';
import type { NamedDemo } from './load.ts';
import { broken, measure, measureUntil } from './measure.ts';
import { kindOf, type Step, type StepKind } from './script.ts';
import { shellFor } from './shell.ts';
import { columns, inColumns, type Stage } from './stage.ts';

interface Playing {
  stage: Stage;
  players: readonly Player[];
  signal: AbortSignal;
  /** Faults that are in, youngest last. */
  broken: { player: Player; fault: string }[];
  startedAt: Date;
}

/**
 * Plays a demo from its first step to its last, and puts back what it has changed, however it ends.
 * @throws UserError `DEMO_BROKEN` when something is not as it is told
 */
export async function playDemo(
  demo: NamedDemo,
  players: readonly Player[],
  stage: Stage,
  signal: AbortSignal,
): Promise<void> {
  const playing: Playing = { stage, players, signal, broken: [], startedAt: new Date() };
  const { bold, dim } = stage.colours;
  stage.write(`\n${bold(demo.title)}\n${dim('─'.repeat(columns))}\n`);
  try {
    for (const step of demo.steps) {
      signal.throwIfAborted();
      await acts[kindOf(step)](step, playing);
    }
  } finally {
    await restore(demo, playing);
  }
  stage.write(`\n${dim('─'.repeat(columns))}\n`);
}

type Act = (step: Step, playing: Playing) => Promise<void>;

const acts: Readonly<Record<StepKind, Act>> = { say, run, break: putIn, fix: takeOut, prove, wait };

async function say({ say: text = '' }: Step, { stage }: Playing): Promise<void> {
  stage.write(`\n${inColumns(paragraphs(text), '  ')}\n`);
  await stage.letRead(text.length);
}

/** Lines that follow each other are one paragraph, whatever the file’s own width. */
function paragraphs(text: string): string {
  return text.replaceAll(/(?<!\n)\n(?!\n)/g, ' ');
}

async function run(step: Step, playing: Playing): Promise<void> {
  const { stage, signal } = playing;
  const { dim, cyan } = stage.colours;
  const { run: command = '', exits = 0 } = step;
  stage.write(`\n${prompt(step, playing)}`);
  await stage.type(cyan(command.trim()));
  stage.write('\n');
  const { exitCode, all } = await inShell(command, playerOf(step, playing), signal);
  const output = all.trimEnd();
  if (output !== '') stage.write(`${dim(inColumns(output, '  '))}\n`);
  if (exitCode !== exits)
    throw broken(`\`${command.trim()}\` ended with ${exitCode}, not ${exits}`, output.slice(-300));
  await stage.letRead(output.length / 3);
}

async function inShell(
  command: string,
  { open }: Player,
  cancelSignal: AbortSignal,
): Promise<{ exitCode: number; all: string }> {
  const { exitCode, all } = await execa('bash', ['-c', `${shellFor(open.project.plan)}\n${command}`], {
    cwd: installation.root,
    all: true,
    reject: false,
    stdin: 'ignore',
    env: { NO_COLOR: '1' },
    cancelSignal,
  });
  cancelSignal.throwIfAborted();
  return { exitCode: exitCode ?? -1, all };
}

async function putIn(step: Step, playing: Playing): Promise<void> {
  const { stage } = playing;
  const player = playerOf(step, playing);
  const name = step.break ?? '';
  stage.write(`\n${prompt(step, playing)}`);
  await stage.type(stage.colours.cyan(`lab break ${name}`));
  stage.write('\n');
  playing.startedAt = new Date();
  playing.broken.push({ player, fault: name });
  const { fault } = await breakProject(player.open, name, 'demo');
  stage.write(`${stage.colours.dim(inColumns(fault.title, '  '))}\n`);
}

async function takeOut(step: Step, playing: Playing): Promise<void> {
  const { stage, signal } = playing;
  const player = playerOf(step, playing);
  const name = step.fix ?? '';
  stage.write(`\n${prompt(step, playing)}`);
  await stage.type(stage.colours.cyan(`lab fix ${name}`));
  stage.write('\n');
  await fixProject(player.open, name, { emit: () => undefined, signal });
  playing.broken = playing.broken.filter((one) => one.player !== player || one.fault !== name);
}

async function prove(step: Step, playing: Playing): Promise<void> {
  const { stage, signal } = playing;
  const { prove: id = '', fails = false } = step;
  const player = playerOf(step, playing);
  // What was broken a moment ago may take another to be noticed. What is to hold has been waited for.
  const { title, exhibit } = fails
    ? await measureUntil('failed', id, player, noticeMs, signal)
    : await measure(id, player, signal);
  const { green, dim } = stage.colours;
  const good = exhibit.status === (fails ? 'failed' : 'passed');
  if (!good) throw broken(`${title}: ${exhibit.status}, which is not what this demo tells`, exhibit.observed);
  if (exhibit.exhibit !== undefined) stage.write(`\n${dim(inColumns(exhibit.exhibit, '  │ '))}\n`);
  const words = fails ? `Not so: ${title}` : title;
  stage.write(
    `\n  ${green('✔')} ${inColumns(words, '    ').trimStart()}\n${dim(inColumns(exhibit.observed, '    '))}\n`,
  );
  await stage.letRead(title.length + exhibit.observed.length);
}

async function wait(step: Step, playing: Playing): Promise<void> {
  const { stage, signal } = playing;
  const { docker, project } = playerOf(step, playing).open;
  const { wait: what = '', within = 60 } = step;
  const { dim } = stage.colours;
  stage.write(`\n${dim(`  … waiting for ${what.includes('.') ? `the check ${what}` : `the mail about ${what}`}`)}\n`);
  const deadlineMs = within * 1000;
  const came = what.includes('.')
    ? (await measureUntil('passed', what, playerOf(step, playing), deadlineMs, signal)).exhibit.status === 'passed'
    : await measuring(docker, project, { signal }, async (context) => {
        const at = await mailAbout(context, what, 'FIRING', playing.startedAt, deadlineMs);
        return at !== undefined;
      });
  if (!came) throw broken(`${what} did not come within ${within} s`, '');
}

/** Ctrl-C must not leave a lab broken. */
async function restore(demo: NamedDemo, playing: Playing): Promise<void> {
  const calmly = { emit: () => undefined, signal: new AbortController().signal };
  for (const { player, fault } of playing.broken.reverse()) await fixProject(player.open, fault, calmly);
  for (const step of demo.afterwards) {
    if (step.run !== undefined) await inShell(step.run, playerOf(step, playing), calmly.signal);
  }
}

function playerOf({ on }: Step, { players }: Playing): Player {
  const player = on === undefined ? players[0] : players.find(({ lab }) => lab === on);
  if (player === undefined) throw broken(`the demo names a lab ${on ?? ''} that is not among its own`, '');
  return player;
}

/** With several labs, whose shell it is. */
function prompt(step: Step, playing: Playing): string {
  const { dim } = playing.stage.colours;
  return playing.players.length > 1 ? `${dim(playerOf(step, playing).lab)} $ ` : '$ ';
}

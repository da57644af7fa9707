import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { machineError } from '../../errors.ts';
import { step as reportStep, type Emit } from '../../events.ts';
import { findCompose } from '../compose.ts';
import { checkEngine, client } from '../docker.ts';
import { runQuietly } from './apt.ts';
import { readFacts } from './facts.ts';
import { asCommands, describeSteps, dockerdLog, planSetup, type SetupFacts, type SetupStep } from './plan.ts';
import { answers, startDetached, waitForEngine } from './start.ts';

export interface SetupOptions {
  emit: Emit;
  /** Shows what would be done and asks; what it answers is final. */
  confirm: (plan: string[]) => Promise<boolean>;
  signal?: AbortSignal | undefined;
}

/** `nothing`: an engine was there and fine. `declined`: the answer was no, and nothing was changed. */
export type SetupResult = 'nothing' | 'done' | 'declined';

/**
 * Installs and starts a Docker engine where one is missing; run again, does only what is left to do.
 * @throws UserError SETUP_NEEDS_ROOT with the commands to run, and those of `planSetup`, apt and dockerd
 */
export async function setup({ emit, confirm, signal }: SetupOptions): Promise<SetupResult> {
  const facts = await readFacts();
  const steps = planSetup(facts);
  if (steps.length === 0) {
    const { version } = await checkEngine(client());
    emit({ type: 'note', text: `Docker Engine ${version} is running and will do. There is nothing to set up.` });
    return 'nothing';
  }
  if (!facts.root) throw needsRoot(facts, steps);
  if (!(await confirm(describeSteps(steps)))) return 'declined';
  for (const [index, step] of steps.entries()) {
    signal?.throwIfAborted();
    await reportStep(emit, ['setup', String(index + 1)], step.title, (progress) => perform(step, progress, signal));
  }
  // What was installed must be enough for a lab, or the user hears it now.
  const [{ version }, compose] = await Promise.all([checkEngine(client()), findCompose()]);
  emit({ type: 'note', text: `Docker Engine ${version} with Compose ${compose.version} is running.` });
  return 'done';
}

async function perform(
  step: SetupStep,
  progress: (detail: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (step.kind === 'run') return runQuietly(step.argv, progress, signal);
  if (step.kind === 'write') return writeWhole(step.path, step.content);
  if (step.how === 'systemd') return startWithSystemd(step.restart, progress, signal);
  const docker = client();
  if (step.restart) throw cannotRestart();
  // Installing the package may have started it.
  if (await answers(docker)) return;
  await startDetached({ docker, log: dockerdLog, signal });
}

async function startWithSystemd(
  restart: boolean,
  progress: (detail: string) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  await runQuietly(['systemctl', restart ? 'restart' : 'start', 'docker'], progress, signal);
  await waitForEngine(client(), {
    deadlineMs: 60_000,
    signal,
    gaveUp: () => undefined,
    explain: async (why) =>
      machineError('ENGINE_START_FAILED', {
        message: `The Docker engine did not start: ${why}.`,
        fix: 'See `journalctl -u docker`.',
      }),
  });
}

async function writeWhole(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  // apt reads no file whose name ends so, should this one be left behind.
  await writeFile(`${path}.lab-new`, content, { mode: 0o644 });
  await rename(`${path}.lab-new`, path);
}

function cannotRestart(): Error {
  return machineError('ENGINE_TOO_OLD', {
    message: 'A newer Docker engine is installed, but the old one is still running.',
    fix: 'Stop the old one (its containers stop too): kill "$(cat /var/run/docker.pid)", then run `lab setup` again.',
  });
}

function needsRoot({ distribution }: SetupFacts, steps: readonly SetupStep[]): Error {
  return machineError('SETUP_NEEDS_ROOT', {
    message: `Setting up a Docker engine on ${distribution.name} needs root.`,
    fix: `Run \`sudo ./lab setup\`, or these commands:\n${asCommands(steps).join('\n')}`,
  });
}

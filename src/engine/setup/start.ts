import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { machineError } from '../../errors.ts';
import { explainOutput } from '../failures.ts';
import { findProgram } from '../programs.ts';

export interface StartOptions {
  docker: Docker;
  log: string;
  /** More arguments for dockerd. */
  args?: readonly string[];
  /** A command that runs dockerd in its own place, such as `unshare --net`; it must replace itself with dockerd. */
  inside?: readonly string[];
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

/**
 * Starts dockerd in a session of its own, so that it outlives this process and its terminal, and waits until it answers.
 * @returns its process id
 * @throws UserError ENGINE_START_FAILED with the last lines of its log
 */
export async function startDetached({
  docker,
  log,
  args = [],
  inside = [],
  deadlineMs = 60_000,
  signal,
}: StartOptions): Promise<number> {
  const program = await findProgram('dockerd');
  if (program === undefined)
    throw machineError('ENGINE_MISSING', { message: 'dockerd is not installed.', fix: 'Run `lab setup`.' });
  const output = openSync(log, 'a');
  const [command = program, ...rest] = [...inside, program, ...args];
  const child = spawn(command, rest, { detached: true, stdio: ['ignore', output, output], cwd: '/' });
  closeSync(output);
  let exited: string | undefined;
  child
    .once('error', (error) => (exited = error.message))
    .once('exit', (code, by) => (exited = `it ended with ${code ?? by}`));
  child.unref();
  await waitForEngine(docker, {
    deadlineMs,
    signal,
    gaveUp: () => exited,
    explain: async (why) => {
      const lines = (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-15).join('\n');
      return explainOutput(lines, {
        code: 'ENGINE_START_FAILED',
        message: `The Docker engine did not start: ${why}. Its log is ${log}.`,
      });
    },
  });
  return child.pid as number;
}

/** Waits until the engine answers. @throws what `explain` makes of giving up */
export async function waitForEngine(
  docker: Docker,
  {
    deadlineMs,
    gaveUp,
    explain,
    signal,
  }: {
    deadlineMs: number;
    gaveUp: () => string | undefined;
    explain: (why: string) => Promise<Error>;
    signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await answers(docker))) {
    signal?.throwIfAborted();
    const why = gaveUp() ?? (Date.now() > end ? `no answer within ${deadlineMs / 1000} s` : undefined);
    if (why !== undefined) throw await explain(why);
    await pause(100);
  }
}

/** Whether the engine answers now. */
export async function answers(docker: Docker): Promise<boolean> {
  return docker.ping().then(
    () => true,
    () => false,
  );
}

import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { CheckContext } from '../../checks/check.ts';
import { composeUp, type ComposeProject } from '../../engine/compose.ts';
import { composeLabel, logsTail, projectContainers } from '../../engine/containers.ts';
import { failure, UserError } from '../../errors.ts';
import { statusOf } from '../../life/status.ts';
import type { Plan } from '../../plan/types.ts';
import type { Exercise } from '../exercise/schema.ts';
import type { Start } from './types.ts';

interface StartOptions {
  docker: Docker;
  context: CheckContext;
  target: ComposeProject;
  plan: Plan;
  stage: Exercise['stage'];
  /** Services that lack a required file, and which. */
  missing: ReadonlyMap<string, string>;
  signal: AbortSignal;
}

type Theirs = Exercise['stage']['theirs'][number];

const pollMs = 100;
const logLines = 12;

/** Starts a submission's services side by side. That one does not come up is an outcome, not an error. */
export async function startTheirs(options: StartOptions): Promise<Map<string, Start>> {
  const { context, target, stage, missing, signal } = options;
  const wanted = stage.theirs.filter(({ service }) => !missing.has(service));
  const outcomes = new Map<string, Start>();
  for (const [service, path] of missing)
    outcomes.set(service, { ready: false, words: `the submission has no file ${path}`, log: [] });
  if (wanted.length === 0) return outcomes;
  const refusal = await composeUp(target, {
    signal,
    services: wanted.map(({ service }) => service),
    noDeps: true,
  }).then(
    () => undefined,
    (error: unknown) => {
      if (signal.aborted) return failure('START_LATE', { message: 'was not started when its time was over' });
      // A container that its own files keep from starting is the submission's doing; what is not, throws here as well below.
      if (error instanceof UserError && error.exitCode !== 3) return error;
      throw error;
    },
  );
  await Promise.all(
    wanted.map(async (one) => {
      await context.vantages.reset({ service: one.service });
      outcomes.set(one.service, await outcomeOf(options, one, refusal));
    }),
  );
  return outcomes;
}

async function outcomeOf(options: StartOptions, theirs: Theirs, refusal: UserError | undefined): Promise<Start> {
  const { stage, signal } = options;
  const accepted = refusal === undefined ? await acceptance(options, theirs) : undefined;
  const seen = accepted === undefined ? {} : { accepted };
  if (accepted?.good === false) return { ...seen, ready: false, words: accepted.output, log: [] };
  const deadline = performance.now() + stage.startSeconds * 1000;
  for (;;) {
    const state =
      refusal === undefined ? await stateOf(options, theirs) : { ready: false, over: true, words: refusal.message };
    if (state.ready) return { ...seen, ready: true, words: 'is up', log: [] };
    if (state.over || performance.now() > deadline) {
      const log = await logOf(options, theirs.service);
      const words = state.over ? state.words : `is not ready after ${stage.startSeconds} s (${state.words})`;
      return { ...seen, ready: false, words, log };
    }
    if (signal.aborted) return { ...seen, ready: false, words: 'was not ready when its time was over', log: [] };
    await pause(pollMs);
  }
}

async function acceptance(options: StartOptions, { service, accepts }: Theirs): Promise<Start['accepted'] | undefined> {
  if (accepts === undefined) return undefined;
  const { context } = options;
  try {
    const { exitCode, stdout, stderr } = await context.exec(service, accepts, { timeoutMs: 10_000 });
    return { good: exitCode === 0, output: `${stderr}\n${stdout}`.trim().slice(0, 4000) };
  } catch (error) {
    // It ended before it could be asked: what it said then tells why.
    const log = (await logOf(options, service)).join('\n').trim();
    return { good: false, output: log === '' ? (error instanceof Error ? error.message : String(error)) : log };
  }
}

interface State {
  ready: boolean;
  /** It will not become ready any more. */
  over: boolean;
  words: string;
}

async function stateOf(
  { docker, context, plan, target }: StartOptions,
  { service, ready, readyWhen }: Theirs,
): Promise<State> {
  const now = await statusOf(docker, { name: target.project, plan });
  const status = now.services.find(({ name }) => name === service);
  if (status === undefined || status.state === 'exited' || status.state === 'dead')
    return { ready: false, over: true, words: 'ends as soon as it is started' };
  if (status.state !== 'running') return { ready: false, over: false, words: status.state };
  if (readyWhen !== undefined) {
    const { exitCode } = await context.exec(service, readyWhen, { timeoutMs: 5000 }).catch(() => ({ exitCode: -1 }));
    return { ready: exitCode === 0, over: false, words: 'it is still starting' };
  }
  if (ready === undefined)
    return { ready: status.health === 'healthy', over: false, words: status.health ?? 'no health check' };
  // A neighbour in its zone: the agent is there already, and no firewall stands between.
  const neighbour = context.vantages.from({ zone: status.zone });
  const outcomes = await neighbour.tcpMany(ready.map((port) => ({ address: status.address, port, timeoutMs: 500 })));
  const open = outcomes.some(({ state }) => state === 'open');
  return { ready: open, over: false, words: open ? 'is up' : `nothing listens on port ${ready.join(' or ')}` };
}

async function logOf({ docker, target }: StartOptions, service: string): Promise<string[]> {
  const containers = await projectContainers(docker, target.project);
  const found = containers.find(({ Labels }) => Labels[composeLabel.service] === service);
  return found === undefined ? [] : logsTail(docker.getContainer(found.Id), logLines).catch(() => []);
}

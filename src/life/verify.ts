import { availableParallelism, loadavg } from 'node:os';
import type Docker from 'dockerode';
import { checksFor } from '../checks/all.ts';
import type { Check, CheckContext } from '../checks/check.ts';
import { createContext, openAhead } from '../checks/context.ts';
import { silenceOwnAlerts } from '../checks/monitoring/silence.ts';
import type { VerifyResult } from '../checks/result.ts';
import { runChecks } from '../checks/run.ts';
import { sweep } from '../probe/sweep.ts';
import type { Emit } from '../events.ts';
import type { Project } from './projects.ts';
import { warnOfLeftOver } from './left-over.ts';
import { openRunning } from './running.ts';

export interface VerifyOptions {
  project: string | undefined;
  /** Globs over the ids of checks. */
  only?: string[];
}

interface Io {
  emit: Emit;
  signal: AbortSignal;
}

/**
 * Measures a running lab.
 * @throws UserError `PROJECT_DOWN` when nothing of it runs
 */
export async function verify({ project: wanted, only }: VerifyOptions, io: Io): Promise<VerifyResult> {
  const { docker, project } = await openRunning(wanted);
  await warnOfLeftOver(project.folder, io.emit);
  return verifyProject(docker, project, only === undefined ? {} : { only }, io);
}

export async function verifyProject(
  docker: Docker,
  project: Project,
  options: { only?: string[] },
  io: Io,
): Promise<VerifyResult> {
  await sweep(docker, project.name);
  return measuring(docker, project, io, (context) => {
    if (options.only === undefined) openAhead(context);
    return verifyWith(context, options, io);
  });
}

/** Does something with a context for measuring, and returns once all that was opened for it is gone. */
export async function measuring<T>(
  docker: Docker,
  { plan, folder, lock }: Project,
  { signal }: Pick<Io, 'signal'>,
  work: (context: CheckContext) => Promise<T>,
): Promise<T> {
  const context = createContext({ docker, plan, folder, written: lock.files, signal });
  try {
    return await work(context);
  } finally {
    await context.close();
  }
}

/** Runs the checks of the context's lab, or those given. */
export async function verifyWith(
  context: CheckContext,
  { checks = checksFor(context.plan), only }: { only?: string[]; checks?: readonly Check[] },
  { emit }: Io,
): Promise<VerifyResult> {
  warnWhenBusy(emit);
  const silenced = silenceOwnAlerts(context);
  try {
    return await runChecks({ checks, context, emit, ...(only === undefined ? {} : { only }) });
  } finally {
    await (
      await silenced
    )();
  }
}

/** Checks have deadlines, and a machine that is far too busy misses them: then it is the machine that fails, not the lab. */
function warnWhenBusy(emit: Emit): void {
  const [load = 0] = loadavg();
  const processors = availableParallelism();
  if (load < 4 * processors) return;
  const text = `this machine is very busy (load ${load.toFixed(0)} on ${processors} processors): checks may fail for want of time`;
  emit({ type: 'warning', text });
}

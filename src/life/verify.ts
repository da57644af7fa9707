import { availableParallelism, loadavg } from 'node:os';
import type Docker from 'dockerode';
import { checksFor } from '../checks/all.ts';
import { createContext } from '../checks/context.ts';
import type { VerifyResult } from '../checks/result.ts';
import { runChecks } from '../checks/run.ts';
import { sweep } from '../probe/sweep.ts';
import type { Emit } from '../events.ts';
import { failure } from '../errors.ts';
import { connect } from '../engine/docker.ts';
import type { Project } from './projects.ts';
import { openProject } from './projects.ts';
import { statusOf } from './status.ts';

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
  const project = await openProject(wanted);
  const docker = await connect();
  const { state } = await statusOf(docker, project);
  if (state === 'down') throw failure('PROJECT_DOWN', { message: `project ${project.name} is not running`, fix: `lab up ${project.plan.lab.name} --project ${project.name}` });
  return verifyProject(docker, project, only === undefined ? {} : { only }, io);
}

export async function verifyProject(docker: Docker, { plan, folder }: Project, options: { only?: string[] }, { emit, signal }: Io): Promise<VerifyResult> {
  warnWhenBusy(emit);
  await sweep(docker, plan.settings.project);
  const context = createContext({ docker, plan, folder, signal });
  try {
    return await runChecks({ checks: checksFor(plan), context, emit, ...options });
  } finally {
    await context.vantages.close();
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

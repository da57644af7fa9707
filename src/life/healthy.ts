import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Emit } from '../events.ts';
import { failure } from '../errors.ts';
import { composeLabel, logsTail, projectContainers } from '../engine/containers.ts';
import type { Project } from './projects.ts';
import type { LabStatus, ServiceStatus } from './status.ts';
import { isUp, statusOf } from './status.ts';

const pollMs = 150;
/** A container that the engine starts this often in a row will not come up by itself. */
const mostRestarts = 3;

/**
 * Waits until every service is healthy.
 * @throws UserError `SERVICE_FAILED` with the last lines of the first service that did not come up
 */
export async function waitHealthy(
  docker: Docker,
  project: Pick<Project, 'name' | 'plan'>,
  { emit, signal, deadlineMs }: { emit: Emit; signal: AbortSignal; deadlineMs: number },
): Promise<LabStatus> {
  const deadline = Date.now() + deadlineMs;
  const reported = new Set<string>();
  for (;;) {
    signal.throwIfAborted();
    const now = await statusOf(docker, project);
    for (const service of now.services.filter((candidate) => isUp(candidate) && !reported.has(candidate.name))) {
      reported.add(service.name);
      emit({ type: 'step-progress', step: ['start'], detail: `${reported.size} of ${now.services.length} healthy` });
    }
    if (now.state === 'up') return now;
    const dead = await firstDead(docker, project.name, now.services);
    if (dead !== undefined) throw await didNotStart(docker, project, dead, 'ends as soon as it is started');
    if (Date.now() > deadline) {
      const late = now.services.find((service) => !isUp(service));
      throw await didNotStart(docker, project, late?.name ?? '', `is not healthy after ${deadlineMs / 1000} s`);
    }
    await pause(pollMs, undefined, { signal });
  }
}

/** A service that has ended, or that the engine keeps starting in vain. */
async function firstDead(
  docker: Docker,
  project: string,
  services: readonly ServiceStatus[],
): Promise<string | undefined> {
  const suspects = services.filter(({ state }) => state === 'restarting' || state === 'exited' || state === 'dead');
  if (suspects.length === 0) return undefined;
  const containers = await projectContainers(docker, project);
  for (const { name, state } of suspects) {
    if (state !== 'restarting') return name;
    const id = containers.find(({ Labels }) => Labels[composeLabel.service] === name)?.Id;
    const facts = id === undefined ? undefined : await docker.getContainer(id).inspect();
    if ((facts?.RestartCount ?? 0) >= mostRestarts) return name;
  }
  return undefined;
}

async function didNotStart(
  docker: Docker,
  project: Pick<Project, 'name' | 'plan'>,
  service: string,
  what: string,
): Promise<Error> {
  const containers = await projectContainers(docker, project.name);
  const container = containers.find(({ Labels }) => Labels[composeLabel.service] === service);
  const lines = container === undefined ? [] : await logsTail(docker.getContainer(container.Id), 15);
  const health = container === undefined ? '' : await lastHealth(docker, container.Id);
  return failure('SERVICE_FAILED', {
    message: `${service} ${what}`,
    found: [health, ...lines].filter((line) => line !== '').join('\n') || 'it said nothing',
    fix: `\`lab logs ${service} --project ${project.name}\` shows all it said; \`lab up\` tries again`,
  });
}

async function lastHealth(docker: Docker, id: string): Promise<string> {
  const facts = await docker
    .getContainer(id)
    .inspect()
    .catch(() => undefined);
  return facts?.State.Health?.Log?.at(-1)?.Output.trim() ?? '';
}

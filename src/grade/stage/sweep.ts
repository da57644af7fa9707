import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { composeLabel } from '../../engine/containers.ts';
import { teardown } from '../../engine/teardown.ts';
import { installation } from '../../installation.ts';
import { ownerIsGone } from '../../probe/owner.ts';
import { sweep as sweepProbes } from '../../probe/sweep.ts';

/** Where stages have their projects, apart from people's own; removed when nothing is graded. */
export const stagesHome = join(installation.home, '.grading');
const ownerFile = 'owner';

export function ownerPlace(project: string): string {
  return join(stagesHome, project, ownerFile);
}

/** Removes one stage with all that belongs to it. */
export async function removeStage(docker: Docker, project: string): Promise<void> {
  await sweepProbes(docker, project, { all: true });
  await teardown(docker, project, { volumes: true });
  await rm(join(stagesHome, project), { recursive: true, force: true });
}

/** Removes the stages of gradings that were killed. @returns how many there were */
export async function sweepStages(docker: Docker): Promise<number> {
  const folders = existsSync(stagesHome) ? readdirSync(stagesHome) : [];
  const left = folders.filter((project) => {
    const place = ownerPlace(project);
    return existsSync(place) && ownerIsGone(readFileSync(place, 'utf8'));
  });
  // Compose outlives a grading that is killed for a moment, and may create when its folder has been swept already.
  const strays = (await ownProjects(docker)).filter((project) => !existsSync(join(stagesHome, project)));
  for (const project of [...left, ...strays]) await removeStage(docker, project);
  return left.length + strays.length;
}

/** Projects of stages of this home that have containers. */
async function ownProjects(docker: Docker): Promise<string[]> {
  const containers = await docker.listContainers({ all: true, filters: { label: [composeLabel.project] } });
  const ours = containers.filter(({ Labels }) =>
    (Labels[`${composeLabel.project}.working_dir`] ?? '').startsWith(`${stagesHome}/`),
  );
  return [...new Set(ours.map(({ Labels }) => Labels[composeLabel.project] ?? ''))];
}

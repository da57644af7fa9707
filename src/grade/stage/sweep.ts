import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type Docker from 'dockerode';
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
  if (!existsSync(stagesHome)) return 0;
  const left = readdirSync(stagesHome).filter((project) => {
    const place = ownerPlace(project);
    return existsSync(place) && ownerIsGone(readFileSync(place, 'utf8'));
  });
  for (const project of left) await removeStage(docker, project);
  return left.length;
}

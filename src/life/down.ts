import { existsSync } from 'node:fs';
import type { Emit } from '../events.ts';
import { step } from '../events.ts';
import { connect } from '../engine/docker.ts';
import { belongings, teardown } from '../engine/teardown.ts';
import { sweep } from '../probe/sweep.ts';
import { isProject, projectFolder } from '../project/folder.ts';
import { removeFiles } from '../project/remove.ts';
import { checkProjectName, openProject } from './projects.ts';

export interface DownResult {
  project: string;
  containers: number;
  networks: number;
  volumes: number;
  /** Whether the project's folder was removed. */
  files: boolean;
}

/** Takes a project down. With `all`, its volumes, keys and files go as well, also what an interrupted `up` left. */
export async function down(
  { project: wanted, all }: { project: string | undefined; all: boolean },
  { emit, signal }: { emit: Emit; signal: AbortSignal },
): Promise<DownResult> {
  const docker = await connect();
  const name = wanted === undefined ? (await openProject(undefined)).name : checkProjectName(wanted);
  const folder = projectFolder(name);
  const before = await belongings(docker, name);
  if (!isProject(folder) && before.containers + before.networks + before.volumes === 0) {
    if (!all) await openProject(name);
  }
  const removed = await step(emit, ['down'], `Taking ${name} down`, async (onLine) => {
    await sweep(docker, name, { all: true });
    return teardown(docker, name, { volumes: all, signal, onLine });
  });
  const files = all && isProject(folder) && (await removeFiles(folder));
  if (all && existsSync(folder.root))
    emit({ type: 'warning', text: `files that lab did not write are left in ${folder.root}` });
  return { project: name, ...removed, files };
}

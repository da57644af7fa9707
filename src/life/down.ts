import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import type { Emit } from '../events.ts';
import { step } from '../events.ts';
import { composeDown } from '../engine/compose.ts';
import { composeLabel, projectContainers, unlessStatus } from '../engine/containers.ts';
import { connect } from '../engine/docker.ts';
import { sweep } from '../probe/sweep.ts';
import { isProject, projectFolder } from '../project/folder.ts';
import { removeFiles } from '../project/remove.ts';
import { checkProjectName, composeProject, openProject } from './projects.ts';

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
  if (!isProject(folder) && before.containers.length + before.networks.length + before.volumes.length === 0) {
    if (!all) await openProject(name);
  }
  await step(emit, ['down'], `Taking ${name} down`, async (progress) => {
    await sweep(docker, name, { all: true });
    if (isProject(folder)) {
      const target = composeProject({ name, folder });
      await composeDown(target, { volumes: all, signal, onLine: progress }).catch((error: unknown) => {
        if (!all) throw error;
      });
    }
    await removeLeftovers(docker, name, all);
  });
  const left = await belongings(docker, name);
  const files = all && isProject(folder) && (await removeFiles(folder));
  if (all && existsSync(folder.root)) emit({ type: 'warning', text: `files that lab did not write are left in ${folder.root}` });
  return {
    project: name,
    containers: before.containers.length - left.containers.length,
    networks: before.networks.length - left.networks.length,
    volumes: before.volumes.length - left.volumes.length,
    files,
  };
}

interface Belongings {
  containers: string[];
  networks: string[];
  volumes: string[];
}

async function belongings(docker: Docker, project: string): Promise<Belongings> {
  const label = [`${composeLabel.project}=${project}`];
  const [containers, networks, volumes] = await Promise.all([
    projectContainers(docker, project),
    docker.listNetworks({ filters: { label } }),
    docker.listVolumes({ filters: { label } }),
  ]);
  return {
    containers: containers.map(({ Id }) => Id),
    networks: networks.map(({ Id }) => Id),
    volumes: volumes.Volumes.map(({ Name }) => Name),
  };
}

/** What Compose does not find by its file: the file may be gone, or older than what runs. */
async function removeLeftovers(docker: Docker, project: string, all: boolean): Promise<void> {
  const left = await belongings(docker, project);
  await Promise.all(left.containers.map((id) => docker.getContainer(id).remove({ force: true, v: true }).catch(unlessStatus(404))));
  await Promise.all(left.networks.map((id) => docker.getNetwork(id).remove().catch(unlessStatus(404))));
  if (all) await Promise.all(left.volumes.map((name) => docker.getVolume(name).remove({ force: true }).catch(unlessStatus(404))));
}

import type Docker from 'dockerode';
import { removeContainer } from './remove-container.ts';
import { ownerIsGone } from './owner.ts';
import { probeLabel } from './probe-container.ts';

/**
 * Removes probe containers of a project that a killed run left behind, and returns how many there were. Those of a
 * run that is still alive stay, unless `all`.
 */
export async function sweep(docker: Docker, project: string, options: { all?: boolean } = {}): Promise<number> {
  const found = await docker.listContainers({ all: true, filters: { label: [`${probeLabel.project}=${project}`] } });
  const left = found.filter((one) => options.all || ownerIsGone(one.Labels[probeLabel.owner] ?? ''));
  await Promise.all(left.map((one) => removeContainer(docker.getContainer(one.Id))));
  return left.length;
}

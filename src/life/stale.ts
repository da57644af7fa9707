import { stat } from 'node:fs/promises';
import type Docker from 'dockerode';
import { inspectProject } from '../engine/containers.ts';
import { digestLabel, secretFiles } from '../project/compose.ts';
import type { Project } from './projects.ts';

/**
 * Services that do not run as written: another definition or configuration than `digests` names, or
 * keys and secrets that were replaced after the start. One without a container counts only by its digest.
 */
export async function staleServices(
  docker: Docker,
  project: Project,
  digests: ReadonlyMap<string, string>,
): Promise<string[]> {
  const facts = await inspectProject(docker, project.name);
  const outdated = [...digests].filter(
    ([service, digest]) => facts.get(service)?.Config.Labels[digestLabel] !== digest,
  );
  const secrets = await Promise.all(
    secretFiles(project.plan).map(async ({ service, name }) => ({
      service,
      written: (await stat(project.folder.secret(service, name))).mtime,
    })),
  );
  const rekeyed = secrets.filter(({ service, written }) => {
    const started = facts.get(service)?.State.StartedAt;
    return started !== undefined && new Date(started) < written;
  });
  return [...new Set([...outdated.map(([service]) => service), ...rekeyed.map(({ service }) => service)])];
}

import { inputError, failure } from '../errors.ts';
import { composeLabel, projectContainers, userLabel } from '../engine/containers.ts';
import { connect } from '../engine/docker.ts';
import { nearestName } from '../lab/nearest-name.ts';
import type { Project } from '../life/projects.ts';
import { openProject } from '../life/projects.ts';

/** @throws UserError SERVICE_UNKNOWN with the nearest name */
export function checkService(project: Project, service: string, others: readonly string[] = []): void {
  const names = [...project.plan.services.map(({ name }) => name), ...others];
  if (names.includes(service)) return;
  const nearest = nearestName(service, names);
  throw inputError('SERVICE_UNKNOWN', {
    message: `there is no "${service}" in project ${project.name}`,
    expected: names.join(', '),
    ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }),
  });
}

/**
 * The running container of a service, and whom its commands run as, where that is not the user it began as.
 * @throws UserError SERVICE_UNKNOWN; SERVICE_DOWN where it is not running
 */
export async function runningContainer(
  projectName: string | undefined,
  service: string,
): Promise<{ id: string; name: string; user?: string }> {
  const project = await openProject(projectName);
  checkService(project, service);
  const containers = await projectContainers(await connect(), project.name);
  const container = containers.find(({ Labels }) => Labels[composeLabel.service] === service);
  if (container?.State === 'running') {
    const user = container.Labels[userLabel];
    return { id: container.Id, name: service, ...(user === undefined ? {} : { user }) };
  }
  throw failure('SERVICE_DOWN', {
    message: `${service} is not running in project ${project.name}`,
    found: container?.Status ?? 'no container',
    fix: '`lab up` starts it; `lab logs` shows what it last said',
  });
}

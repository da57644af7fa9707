import type Docker from 'dockerode';
import { connect } from '../engine/docker.ts';
import { composeLabel, projectContainers } from '../engine/containers.ts';
import type { Project } from './projects.ts';
import { openProject } from './projects.ts';

export interface ServiceStatus {
  name: string;
  zone: string;
  address: string;
  /** The engine's word (`running`, `exited`, …), or `absent`. */
  state: string;
  /** `healthy`, `unhealthy`, `starting`; null where there is nothing to ask. */
  health: string | null;
  image: string;
}

/** `lab status --json`. */
export interface LabStatus {
  lab: string;
  project: string;
  state: 'up' | 'degraded' | 'down';
  services: ServiceStatus[];
  endpoints: { name: string; url: string }[];
}

/** How a project is right now. @throws UserError when there is no such project or no engine */
export async function status(project: string | undefined): Promise<LabStatus> {
  const opened = await openProject(project);
  return statusOf(await connect(), opened);
}

export async function statusOf(docker: Docker, { name, plan }: Pick<Project, 'name' | 'plan'>): Promise<LabStatus> {
  const containers = await projectContainers(docker, name);
  const services = plan.services.map((service): ServiceStatus => {
    const container = containers.find(({ Labels }) => Labels[composeLabel.service] === service.name);
    return {
      name: service.name,
      zone: service.zone,
      address: service.address,
      state: container?.State ?? 'absent',
      health: container === undefined ? null : healthOf(container.Status),
      image: service.image,
    };
  });
  return {
    lab: plan.lab.name,
    project: name,
    state: overall(services),
    services,
    endpoints: plan.endpoints.map(({ name: endpoint, url }) => ({ name: endpoint, url })),
  };
}

/** Whether a service does its work, as far as its own health check tells. */
export function isUp({ state, health }: Pick<ServiceStatus, 'state' | 'health'>): boolean {
  return state === 'running' && (health === null || health === 'healthy');
}

/** The list of containers tells health in words: `Up 5 seconds (healthy)`. */
function healthOf(words: string): string | null {
  if (words.includes('(healthy)')) return 'healthy';
  if (words.includes('(unhealthy)')) return 'unhealthy';
  return words.includes('(health: starting)') ? 'starting' : null;
}

function overall(services: readonly ServiceStatus[]): LabStatus['state'] {
  if (services.every(isUp)) return 'up';
  return services.some(({ state }) => state === 'running' || state === 'restarting') ? 'degraded' : 'down';
}

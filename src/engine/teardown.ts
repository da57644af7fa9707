import type Docker from 'dockerode';
import { machineError, UserError } from '../errors.ts';
import { composeLabel, projectContainers, unlessStatus } from './containers.ts';

/** How many things there are, or were removed. */
export interface Belongings {
  containers: number;
  networks: number;
  volumes: number;
}

export interface TeardownOptions {
  /** The volumes too, which hold the project's data. */
  volumes?: boolean;
  onLine?: ((line: string) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** A Compose whose `lab` was killed may go on creating for a while. */
const mostRounds = 10;

/**
 * Stops and removes what carries a Compose project's label, whether or not its file still says so, and what comes to it meanwhile.
 * `docker compose down` needs that file, takes a second to start, and leaves the networks to the end.
 * @throws UserError `NETWORK_IN_USE`, `VOLUME_IN_USE` when something that is not the project's is attached to a network of it, or uses
 * its data
 */
export async function teardown(docker: Docker, project: string, options: TeardownOptions = {}): Promise<Belongings> {
  const removed = { containers: 0, networks: 0, volumes: 0 };
  for (let round = 1; ; round += 1) {
    const { before, refused } = await sweepOnce(docker, project, options);
    const left = await belongings(docker, project);
    for (const kind of ['containers', 'networks', 'volumes'] as const)
      removed[kind] += before[kind] - Math.min(before[kind], left[kind]);
    const data = options.volumes === true ? left.volumes : 0;
    const over = left.containers + data === 0 && (refused !== undefined || left.networks === 0);
    if (over || round === mostRounds) {
      if (refused !== undefined) throw refused;
      if (data > 0) throw volumesInUse(project);
      return removed;
    }
  }
}

function volumesInUse(project: string): UserError {
  return machineError('VOLUME_IN_USE', {
    message: `something else uses a volume of ${project}`,
    fix: `\`docker ps -a --filter volume=NAME\` tells what, by a name of \`docker volume ls --filter label=${composeLabel.project}=${project}\``,
  });
}

/** @returns what there was, and why a network could not be removed */
async function sweepOnce(
  docker: Docker,
  project: string,
  { volumes: all = false, onLine = () => undefined, signal }: TeardownOptions,
): Promise<{ before: Belongings; refused: UserError | undefined }> {
  const { containers, networks, volumes } = await labelled(docker, project);
  let gone = 0;
  const removals = containers.map(async (info) => {
    await removeGracefully(docker, info, signal);
    gone += 1;
    onLine(`${gone} of ${containers.length} containers removed`);
  });
  const emptied = networks.map(async (network) => {
    await Promise.all(removals.filter((_, index) => isOn(containers[index], network)));
    signal?.throwIfAborted();
    await removeNetwork(docker, network);
  });
  const outcomes = await Promise.allSettled([...removals, ...emptied]);
  const reasons = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
  const [other] = reasons.filter((reason) => !(reason instanceof UserError));
  if (other !== undefined) throw other;
  signal?.throwIfAborted();
  // 409: a container that has just come uses it.
  if (all) await Promise.all(volumes.map(({ Name }) => docker.getVolume(Name).remove().catch(unlessStatus(404, 409))));
  const before = { containers: containers.length, networks: networks.length, volumes: volumes.length };
  return { before, refused: reasons.find((reason) => reason instanceof UserError) };
}

/** What of a project there is. */
export async function belongings(docker: Docker, project: string): Promise<Belongings> {
  const { containers, networks, volumes } = await labelled(docker, project);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}

interface Labelled {
  containers: Docker.ContainerInfo[];
  networks: Docker.NetworkInspectInfo[];
  volumes: Docker.VolumeInspectInfo[];
}

async function labelled(docker: Docker, project: string): Promise<Labelled> {
  const label = [`${composeLabel.project}=${project}`];
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    projectContainers(docker, project),
    docker.listNetworks({ filters: { label } }),
    docker.listVolumes({ filters: { label } }),
  ]);
  return { containers, networks, volumes };
}

function isOn(container: Docker.ContainerInfo | undefined, { Id }: Docker.NetworkInspectInfo): boolean {
  return Object.values(container?.NetworkSettings.Networks ?? {}).some(({ NetworkID }) => NetworkID === Id);
}

/** Within the time that the container's own `stop_grace_period` gives it. */
async function removeGracefully(
  docker: Docker,
  info: Docker.ContainerInfo,
  signal: AbortSignal | undefined,
): Promise<void> {
  const container = docker.getContainer(info.Id);
  signal?.throwIfAborted();
  if (info.Ports.some(({ PublicPort }) => PublicPort !== undefined)) await leaveNetworks(docker, info);
  // 304: it has stopped already.
  await container.stop().catch(unlessStatus(304, 404));
  signal?.throwIfAborted();
  // 409: somebody else is removing it.
  await container.remove({ force: true, v: true }).catch(unlessStatus(404, 409));
}

/**
 * A container that stops leaves its networks one by one, and the engine publishes its ports anew on each that is still there:
 * nearly half a second each time. Ports are on the first by name (as compose.yml sees to), so that one is left to the end.
 */
async function leaveNetworks(docker: Docker, { Id, NetworkSettings }: Docker.ContainerInfo): Promise<void> {
  const [, ...others] = Object.keys(NetworkSettings.Networks).sort();
  for (const name of others) {
    await docker
      .getNetwork(name)
      .disconnect({ Container: Id, Force: true })
      .catch(unlessStatus(403, 404, 500));
  }
}

async function removeNetwork(docker: Docker, { Id, Name }: Docker.NetworkInspectInfo): Promise<void> {
  try {
    await docker.getNetwork(Id).remove();
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 404) return;
    if (statusCode !== 403) throw error;
    const { Containers = {} } = (await docker.getNetwork(Id).inspect()) as {
      Containers?: Record<string, { Name: string }>;
    };
    const found = Object.values(Containers)
      .map((one) => one.Name)
      .join(', ');
    const fix = `docker network disconnect ${Name} ${found === '' ? 'NAME' : found}, then run this again`;
    throw machineError(
      'NETWORK_IN_USE',
      { message: `something else is attached to the network ${Name}`, found, fix },
      error,
    );
  }
}

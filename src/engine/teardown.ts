import { setTimeout as pause } from 'node:timers/promises';
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

/** A Compose whose `lab` was killed may go on creating for a while, and what is removed as it starts holds its networks for a moment. */
const longestMs = 30_000;
const betweenRoundsMs = 100;

/**
 * Stops and removes what carries a Compose project's label, whether or not its file still says so, and what comes to it meanwhile.
 * `docker compose down` needs that file, takes a second to start, and leaves the networks to the end.
 * @throws UserError `NETWORK_IN_USE`, `VOLUME_IN_USE` when something that is not the project's is attached to a network of it, or uses
 * its data; `NOT_REMOVED` when some of it is still there after half a minute
 */
export async function teardown(docker: Docker, project: string, options: TeardownOptions = {}): Promise<Belongings> {
  const removed = { containers: 0, networks: 0, volumes: 0 };
  const deadline = performance.now() + longestMs;
  for (;;) {
    const { before, refused } = await sweepOnce(docker, project, options);
    const left = await belongings(docker, project);
    for (const kind of ['containers', 'networks', 'volumes'] as const)
      removed[kind] += before[kind] - Math.min(before[kind], left[kind]);
    const data = options.volumes === true ? left.volumes : 0;
    if (left.containers + left.networks + data === 0) return removed;
    if (left.containers === 0 && refused !== undefined) throw refused;
    if (performance.now() > deadline) throw notRemoved(project, { ...left, volumes: data });
    await pause(betweenRoundsMs);
  }
}

function notRemoved(project: string, { containers, networks, volumes }: Belongings): UserError {
  return machineError('NOT_REMOVED', {
    message: `the engine does not remove all of ${project}`,
    found: `left: ${containers} containers, ${networks} networks, ${volumes} volumes`,
    fix: 'Run this again; what then stays is gone after a restart of the engine.',
  });
}

/** @returns what there was, and why something could not be removed that others use */
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
    await removeNetwork(docker, network, project);
  });
  const outcomes = await Promise.allSettled([...removals, ...emptied]);
  signal?.throwIfAborted();
  const data = await Promise.allSettled(all ? volumes.map(({ Name }) => removeVolume(docker, Name, project)) : []);
  const reasons = [...outcomes, ...data].flatMap((outcome) =>
    outcome.status === 'rejected' ? [outcome.reason as unknown] : [],
  );
  const [other] = reasons.filter((reason) => !(reason instanceof UserError));
  if (other !== undefined) throw other;
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

/** Leaves it where only the project's own are on it still. @throws UserError `NETWORK_IN_USE` where others are */
async function removeNetwork(docker: Docker, { Id, Name }: Docker.NetworkInspectInfo, project: string): Promise<void> {
  try {
    await docker.getNetwork(Id).remove();
  } catch (error) {
    unlessStatus(403, 404)(error);
    const { Containers = {} } = ((await docker.getNetwork(Id).inspect().catch(unlessStatus(404))) ?? {}) as {
      Containers?: Record<string, unknown>;
    };
    const [found] = await foreign(docker, Object.keys(Containers), project);
    if (found === undefined) return;
    const fix = `docker network disconnect ${Name} ${found}, then run this again`;
    throw machineError(
      'NETWORK_IN_USE',
      { message: `something else is attached to the network ${Name}`, found, fix },
      error,
    );
  }
}

/** Leaves it where only the project's own use it still. @throws UserError `VOLUME_IN_USE` where others do */
async function removeVolume(docker: Docker, name: string, project: string): Promise<void> {
  try {
    await docker.getVolume(name).remove();
  } catch (error) {
    unlessStatus(404, 409)(error);
    const users = await docker.listContainers({ all: true, filters: { volume: [name] } });
    const [found] = await foreign(
      docker,
      users.map(({ Id }) => Id),
      project,
    );
    if (found === undefined) return;
    throw machineError(
      'VOLUME_IN_USE',
      {
        message: `something else uses the volume ${name}`,
        found,
        fix: `docker rm --force ${found}, if it is not needed, then run this again`,
      },
      error,
    );
  }
}

/** The names of those that are no containers of the project; one that has gone meanwhile is nobody's. */
async function foreign(docker: Docker, ids: readonly string[], project: string): Promise<string[]> {
  const inspected = await Promise.all(ids.map((id) => docker.getContainer(id).inspect().catch(unlessStatus(404))));
  return inspected
    .filter((info) => info !== undefined)
    .filter(({ Config }) => Config.Labels[composeLabel.project] !== project)
    .map(({ Name }) => Name.slice(1));
}

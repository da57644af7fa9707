import type Docker from 'dockerode';
import { machineError } from '../errors.ts';
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

/**
 * Stops and removes what carries a Compose project's label, whether or not its file still says so. `docker compose down` needs
 * that file, takes a second to start, and removes one network after the other.
 * @throws UserError `NETWORK_IN_USE` when something that is not the project's is attached to a network of it
 */
export async function teardown(docker: Docker, project: string, options: TeardownOptions = {}): Promise<Belongings> {
  const { volumes: all = false, onLine = () => undefined, signal } = options;
  const { containers, networks, volumes } = await labelled(docker, project);
  let gone = 0;
  await Promise.all(
    containers.map(async (id) => {
      await removeGracefully(docker.getContainer(id), signal);
      gone += 1;
      onLine(`${gone} of ${containers.length} containers removed`);
    }),
  );
  signal?.throwIfAborted();
  await Promise.all(networks.map(({ id, name }) => removeNetwork(docker, id, name)));
  if (all) await Promise.all(volumes.map((name) => docker.getVolume(name).remove().catch(unlessStatus(404))));
  return { containers: containers.length, networks: networks.length, volumes: all ? volumes.length : 0 };
}

/** What of a project there is. */
export async function belongings(docker: Docker, project: string): Promise<Belongings> {
  const { containers, networks, volumes } = await labelled(docker, project);
  return { containers: containers.length, networks: networks.length, volumes: volumes.length };
}

async function labelled(
  docker: Docker,
  project: string,
): Promise<{ containers: string[]; networks: { id: string; name: string }[]; volumes: string[] }> {
  const label = [`${composeLabel.project}=${project}`];
  const [containers, networks, volumes] = await Promise.all([
    projectContainers(docker, project),
    docker.listNetworks({ filters: { label } }),
    docker.listVolumes({ filters: { label } }),
  ]);
  return {
    containers: containers.map(({ Id }) => Id),
    networks: networks.map(({ Id, Name }) => ({ id: Id, name: Name })),
    volumes: volumes.Volumes.map(({ Name }) => Name),
  };
}

/** Within the time that the container's own `stop_grace_period` gives it. 304: it has stopped already. */
async function removeGracefully(container: Docker.Container, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  await container.stop().catch((error: { statusCode?: number }) => {
    if (error.statusCode !== 304 && error.statusCode !== 404) throw error;
  });
  signal?.throwIfAborted();
  await container.remove({ force: true, v: true }).catch((error: { statusCode?: number }) => {
    // 409: somebody else is removing it.
    if (error.statusCode !== 404 && error.statusCode !== 409) throw error;
  });
}

async function removeNetwork(docker: Docker, id: string, name: string): Promise<void> {
  try {
    await docker.getNetwork(id).remove();
  } catch (error) {
    const { statusCode } = error as { statusCode?: number };
    if (statusCode === 404) return;
    if (statusCode !== 403) throw error;
    const attached = await docker.getNetwork(id).inspect() as { Containers?: Record<string, { Name: string }> };
    throw machineError('NETWORK_IN_USE', {
      message: `the network ${name} cannot be removed: something else is attached to it`,
      found: Object.values(attached.Containers ?? {}).map(({ Name }) => Name).join(', '),
      fix: `detach it (docker network disconnect ${name} NAME), then run this again`,
    }, error);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import type { Breaker, LabUnderTest } from './types.ts';

const originals = new Map<string, ContainerInspectInfo>();
const deadlineMs = 30_000;

/** Puts a container with other settings in a service's place: what the engine is told at its making cannot be changed later. */
export function rebuilt(
  check: string,
  serviceOf: (lab: LabUnderTest) => string,
  change: (options: Options, lab: LabUnderTest) => void | Promise<void>,
): Breaker {
  return {
    check,
    breakIt: async (lab) => {
      const service = serviceOf(lab);
      const container = await lab.container(service);
      const original = await container.inspect();
      originals.set(key(lab, service), original);
      const options = optionsOf(original);
      // Whatever its settings, it only has to stay.
      options.Entrypoint = ['sleep', '600'];
      options.Cmd = [];
      await change(options, lab);
      await replace(lab, container.id, options, original);
    },
    mend: async (lab) => {
      const service = serviceOf(lab);
      const original = originals.get(key(lab, service));
      if (original === undefined) return;
      const container = await lab.container(service);
      await replace(lab, container.id, optionsOf(original), original);
      originals.delete(key(lab, service));
      await healthy(lab, service);
    },
  };
}

export type Options = ContainerCreateOptions & {
  HostConfig: NonNullable<ContainerCreateOptions['HostConfig']>;
  Env: string[];
};

function key({ project }: LabUnderTest, service: string): string {
  return `${project}/${service}`;
}

/** The settings that give the same container again, at the same address. */
function optionsOf({ Config, HostConfig, NetworkSettings }: ContainerInspectInfo): Options {
  const networks = Object.entries(NetworkSettings.Networks).map(([network, { IPAMConfig, MacAddress, Aliases }]) => [
    network,
    { IPAMConfig, MacAddress, Aliases },
  ]);
  return structuredClone({
    ...Config,
    Env: Config.Env ?? [],
    HostConfig,
    NetworkingConfig: { EndpointsConfig: Object.fromEntries(networks) as Record<string, object> },
  }) as Options;
}

async function replace(
  { docker }: LabUnderTest,
  id: string,
  options: Options,
  { Name }: ContainerInspectInfo,
): Promise<void> {
  await docker.getContainer(id).remove({ force: true });
  const container = await docker.createContainer({ ...options, name: Name.slice(1) });
  await container.start();
}

async function healthy(lab: LabUnderTest, service: string): Promise<void> {
  const container = await lab.container(service);
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const { State } = await container.inspect();
    if (State.Health?.Status === 'healthy') return;
    await sleep(100);
  }
  throw new Error(`${service} was not healthy again within ${deadlineMs} ms`);
}

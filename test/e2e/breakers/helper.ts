import type { ContainerCreateOptions } from 'dockerode';
import type { LabUnderTest } from './types.ts';

/** A privileged container in a service's network namespace: the breakers' way to do what the service itself may not. */
export async function besideService(
  lab: LabUnderTest,
  service: string,
  argv: readonly string[],
): Promise<{ remove(): Promise<void>; ended(): Promise<number> }> {
  const { id } = await lab.container(service);
  const [program = '', ...rest] = argv;
  const options: ContainerCreateOptions = {
    Image: lab.plan.settings.images['probe'] ?? '',
    User: '0:0',
    Entrypoint: [program],
    Cmd: rest,
    Labels: { 'lab.breaker': lab.project },
    HostConfig: { NetworkMode: `container:${id}`, Privileged: true },
  };
  const container = await lab.docker.createContainer(options);
  await container.start();
  return {
    remove: async () => void (await container.remove({ force: true })),
    ended: async () => ((await container.wait()) as { StatusCode: number }).StatusCode,
  };
}

/** Runs a command there to its end. @throws when it fails */
export async function runBeside(lab: LabUnderTest, service: string, argv: readonly string[]): Promise<void> {
  const helper = await besideService(lab, service, argv);
  try {
    const status = await helper.ended();
    if (status !== 0) throw new Error(`${argv.join(' ')} beside ${service} ended with ${status}`);
  } finally {
    await helper.remove();
  }
}

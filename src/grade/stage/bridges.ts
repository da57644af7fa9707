import type Docker from 'dockerode';
import { composeLabel, unlessStatus } from '../../engine/containers.ts';
import { machineError } from '../../errors.ts';

/**
 * Keeps this machine from listening to what a project's containers send it over their own networks. The machine has no address on these
 * bridges and no route to them, so the kernel's check of the way back (rp_filter) drops all that arrives there for the machine itself or
 * to be passed on; what passes between containers never gets that far. The settings go with the bridges.
 * @throws machineError `BRIDGE_OPEN`
 */
export async function closeBridges(docker: Docker, project: string, image: string): Promise<void> {
  const networks = await docker.listNetworks({ filters: { label: [`${composeLabel.project}=${project}`] } });
  const bridges = networks.map(
    ({ Id, Options }) => Options?.['com.docker.network.bridge.name'] ?? `br-${Id.slice(0, 12)}`,
  );
  if (bridges.length === 0)
    throw machineError('BRIDGE_OPEN', { message: `The project ${project} has no networks to close.` });
  const script = bridges
    .map((bridge) => `echo 1 >ipv4/conf/${bridge}/rp_filter && echo 0 >ipv4/conf/${bridge}/forwarding`)
    .concat(bridges.map((bridge) => `{ [ ! -e ipv6/conf/${bridge} ] || echo 1 >ipv6/conf/${bridge}/disable_ipv6; }`))
    .join(' && ');
  const container = await docker.createContainer({
    Image: image,
    User: '0:0',
    Entrypoint: ['/bin/sh', '-c', `cd /proc/sys/net && ${script}`],
    Labels: { [composeLabel.project]: project, [composeLabel.service]: 'bridges' },
    HostConfig: {
      NetworkMode: 'host',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN'],
      SecurityOpt: ['no-new-privileges', 'apparmor=unconfined'],
      // Otherwise nobody in a container can change a setting of the kernel. Ours alone runs here.
      ReadonlyPaths: [],
      MaskedPaths: [],
    },
  });
  try {
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    if (StatusCode === 0) return;
    const said = (await container.logs({ stdout: true, stderr: true, follow: false })).toString('utf8');
    throw machineError('BRIDGE_OPEN', {
      message: 'The networks of a submission cannot be kept from this machine.',
      found: said
        .replace(/[^\x20-\x7e]+/g, ' ')
        .trim()
        .slice(-300),
      fix: 'Grade where the engine’s containers may change settings of the kernel’s network.',
    });
  } finally {
    await container.remove({ force: true }).catch(unlessStatus(404, 409));
  }
}

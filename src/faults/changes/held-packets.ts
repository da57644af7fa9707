import { unlessStatus } from '../../engine/containers.ts';
import { probeLabel } from '../../probe/probe-container.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';

/** The queue of the kernel (NFQUEUE) that the packets wait in. */
export const queue = 1;

/**
 * A process beside a firewall that holds back every packet of the queue for some milliseconds. netem would do it in the
 * kernel, and not every kernel has it.
 */
export function packetHolder(firewall: string, ms: number): Change {
  return {
    touches: `${firewall}/queue`,
    read: async (lab) => ((await holders(lab)).some(({ State }) => State === 'running') ? 'holding' : 'absent'),
    apply: async (lab) => {
      const beside = await lab.container(firewall);
      const container = await lab.docker.createContainer({
        Image: lab.plan.settings.images['probe'] ?? '',
        User: '0:0',
        Entrypoint: ['hold-packets', String(queue), String(ms)],
        // No process owns it, so that only `lab fix` and `lab down` remove it.
        Labels: { [probeLabel.project]: lab.project, [probeLabel.owner]: holder },
        HostConfig: {
          NetworkMode: `container:${beside.id}`,
          CapDrop: ['ALL'],
          CapAdd: ['NET_ADMIN'],
          ReadonlyRootfs: true,
          LogConfig: { Type: 'none', Config: {} },
        },
      });
      await container.start();
    },
    restore: async (lab) => {
      for (const { Id } of await holders(lab))
        await lab.docker.getContainer(Id).remove({ force: true }).catch(unlessStatus(404, 409));
    },
  };
}

const holder = 'fault';

function holders(lab: RunningLab): ReturnType<RunningLab['docker']['listContainers']> {
  return lab.docker.listContainers({
    all: true,
    filters: { label: [`${probeLabel.project}=${lab.project}`, `${probeLabel.owner}=${holder}`] },
  });
}

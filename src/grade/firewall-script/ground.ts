import { randomBytes } from 'node:crypto';
import type Docker from 'dockerode';
import { machineError } from '../../errors.ts';
import { composeLabel, unlessStatus } from '../../engine/containers.ts';
import { Shell } from '../../engine/shell.ts';
import { openAgent } from '../../probe/container-vantage.ts';
import { ownerOfThisProcess } from '../../probe/owner.ts';
import { removeContainer } from '../../probe/remove-container.ts';
import { vantageOver, type Vantage } from '../../probe/vantage.ts';
import type { Cleanup } from './cleanup.ts';
import { createBounded } from './container.ts';
import type { Sample } from './ports.ts';
import { ipv6On } from './run-script.ts';

export interface GroundOptions {
  docker: Docker;
  images: { server: string; probe: string };
  project: string;
  /** A free subnet of at least eight addresses, `10.77.0.96/29`. */
  subnet: string;
  sample: Sample;
}

/** A server on a network of its own, with one stranger beside it. */
export interface Ground {
  stranger: Vantage;
  strangerAddress: string;
  /** Commands on the server, where nothing of a submission runs. */
  server: Shell;
  /** The server's addresses as the stranger writes them. */
  v4: string;
  v6: string;
}

/**
 * Sets up a closed network, a server that listens on every port of the sample, and a stranger. The host has no address there and
 * rewrites nothing. What it makes is handed to `cleanup` at once.
 * @throws what the engine says; PROBE_FAILED
 */
export async function openGround(options: GroundOptions, cleanup: Cleanup): Promise<Ground> {
  const { docker, images, project, sample } = options;
  const network = await createNetwork(options);
  cleanup.add(() => network.remove().catch(unlessStatus(404)));
  const [agent, container] = await Promise.all([
    openAgent({
      docker,
      project,
      owner: ownerOfThisProcess(),
      image: images.probe,
      place: { networks: [network.id] },
      name: 'a stranger',
    }).then((opened) => {
      // The network is free only when the engine has taken the stranger out of it.
      cleanup.add(async () => {
        await opened.close();
        await removeContainer(docker.getContainer(opened.containerId));
      });
      return opened;
    }),
    createBounded(docker, images.server, project, {
      entrypoint: ['/usr/local/sbin/listen', ...listeners(sample)],
      network: network.id,
      tmpfs: { '/run': 'size=1m,mode=755' },
      sysctls: ipv6On,
    }).then(async (created) => {
      cleanup.add(() => removeContainer(created));
      await created.start();
      return created;
    }),
  ]);
  const stranger = vantageOver('a stranger', (operation, request) => agent.channel.call(operation, request));
  const server = await Shell.open(container);
  cleanup.add(() => Promise.resolve(server.close()));
  const [info, places, link] = await Promise.all([
    container.inspect(),
    stranger.interfaces(),
    server.run(['/usr/sbin/ip', '-6', '-o', 'addr', 'show', 'dev', 'eth0', 'scope', 'link']),
  ]);
  const v4 = Object.values(info.NetworkSettings.Networks)[0]?.IPAddress ?? '';
  const own = places.addresses.find(({ family, address }) => family === 'IPv4' && !address.startsWith('127.'));
  const linkLocal = /inet6 (fe80:[0-9a-f:]+)\//.exec(link.stdout)?.[1];
  if (own === undefined || linkLocal === undefined) {
    throw machineError('PROBE_FAILED', { message: 'the server or the stranger has no address', found: link.stdout });
  }
  return { stranger, strangerAddress: own.address, server, v4, v6: `${linkLocal}%${own.interface}` };
}

function listeners({ allowed, others, udp }: Sample): string[] {
  return [...allowed, ...others].map((port) => `tcp:${port}`).concat(udp.map((port) => `udp:${port}`));
}

function createNetwork({ docker, project, subnet }: GroundOptions): Promise<Docker.Network> {
  const bridge = 'com.docker.network.bridge';
  return docker.createNetwork({
    Name: `${project}-server-${randomBytes(4).toString('hex')}`,
    Driver: 'bridge',
    Options: {
      [`${bridge}.inhibit_ipv4`]: 'true',
      [`${bridge}.gateway_mode_ipv4`]: 'routed',
      [`${bridge}.enable_ip_masquerade`]: 'false',
    },
    IPAM: { Driver: 'default', Config: [{ Subnet: subnet }] },
    Labels: { [composeLabel.project]: project },
  });
}

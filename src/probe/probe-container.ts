import type { ContainerCreateOptions, HostConfig } from 'dockerode';

/**
 * Where a probe container stands: beside a service, in its network namespace; as a stranger in zones; or on the machine's own
 * links, where the zones' bridges can be listened to.
 */
export type Place = { containerId: string } | { networks: readonly string[] } | 'links';

/** Labels that probe containers carry; the project's sweep finds them by the first. */
export const probeLabel = { project: 'lab.probe', owner: 'lab.probe.owner' } as const;

const mib = 1024 * 1024;

/**
 * What Docker is asked for. A stranger is root with NET_ADMIN alone, so that it can set routes, and has IPv6
 * link-local addresses; beside a service nothing is allowed that the service itself could not do; on the links it may listen
 * (NET_RAW), and change nothing.
 */
export function probeContainer(project: string, owner: string, image: string, place: Place): ContainerCreateOptions {
  const { own, HostConfig } = standing(place);
  return {
    Image: image,
    Labels: { [probeLabel.project]: project, [probeLabel.owner]: owner },
    OpenStdin: true,
    // When the one client goes, however it goes, stdin closes, and the agent with it.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...own,
    HostConfig: {
      AutoRemove: true,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Memory: 128 * mib,
      MemorySwap: 128 * mib,
      PidsLimit: 64,
      LogConfig: { Type: 'none', Config: {} },
      ...HostConfig,
    },
  };
}

/** What depends on the place. */
function standing(place: Place): { own: ContainerCreateOptions; HostConfig: HostConfig } {
  if (place === 'links') return { own: { User: '0:0' }, HostConfig: { NetworkMode: 'host', CapAdd: ['NET_RAW'] } };
  if ('containerId' in place) {
    return { own: { User: '10080:10080' }, HostConfig: { NetworkMode: `container:${place.containerId}` } };
  }
  return {
    own: { User: '0:0', Hostname: 'stranger', NetworkingConfig: { EndpointsConfig: endpoints(place.networks) } },
    HostConfig: {
      NetworkMode: place.networks[0] ?? 'none',
      CapAdd: ['NET_ADMIN'],
      Sysctls: {
        'net.ipv6.conf.all.disable_ipv6': '0',
        'net.ipv6.conf.default.disable_ipv6': '0',
        // On each link it answers for the addresses that it has there, and for no other.
        'net.ipv4.conf.all.arp_ignore': '1',
      },
      // Strangers may also be many visitors at once.
      Memory: 256 * mib,
      MemorySwap: 256 * mib,
      PidsLimit: 256,
    },
  };
}

/** Engine 28 switches IPv6 off on each interface, whatever the container’s own setting; Engine 26 does not know the option. */
const ipv6On = { 'com.docker.network.endpoint.sysctls': 'net.ipv6.conf.IFNAME.disable_ipv6=0' };

function endpoints(networks: readonly string[]): Record<string, object> {
  return Object.fromEntries(networks.map((network) => [network, { DriverOpts: ipv6On }]));
}

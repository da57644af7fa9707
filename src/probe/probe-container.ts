import type { ContainerCreateOptions } from 'dockerode';

/** Where a probe container stands: beside a service, in its network namespace, or as a stranger in zones. */
export type Place = { containerId: string } | { networks: readonly string[] };

/** Labels that probe containers carry; the project's sweep finds them by the first. */
export const probeLabel = { project: 'lab.probe', owner: 'lab.probe.owner' } as const;

const mib = 1024 * 1024;

/**
 * What Docker is asked for. A stranger is root with NET_ADMIN alone, so that it can set routes, and has IPv6
 * link-local addresses; beside a service nothing is allowed that the service itself could not do.
 */
export function probeContainer(project: string, owner: string, image: string, place: Place): ContainerCreateOptions {
  const beside = 'containerId' in place;
  return {
    Image: image,
    User: beside ? '10080:10080' : '0:0',
    Labels: { [probeLabel.project]: project, [probeLabel.owner]: owner },
    OpenStdin: true,
    // When the one client goes, however it goes, stdin closes, and the agent with it.
    StdinOnce: true,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(beside ? {} : { Hostname: 'stranger', NetworkingConfig: { EndpointsConfig: endpoints(place.networks) } }),
    HostConfig: {
      AutoRemove: true,
      NetworkMode: beside ? `container:${place.containerId}` : (place.networks[0] ?? 'none'),
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      ...(beside
        ? {}
        : {
            CapAdd: ['NET_ADMIN'],
            Sysctls: {
              'net.ipv6.conf.all.disable_ipv6': '0',
              'net.ipv6.conf.default.disable_ipv6': '0',
              // On each link it answers for the addresses that it has there, and for no other.
              'net.ipv4.conf.all.arp_ignore': '1',
            },
          }),
      SecurityOpt: ['no-new-privileges'],
      // Strangers may also be many visitors at once.
      Memory: (beside ? 128 : 256) * mib,
      MemorySwap: (beside ? 128 : 256) * mib,
      PidsLimit: beside ? 64 : 256,
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}

/** Engine 28 switches IPv6 off on each interface, whatever the container’s own setting; Engine 26 does not know the option. */
const ipv6On = { 'com.docker.network.endpoint.sysctls': 'net.ipv6.conf.IFNAME.disable_ipv6=0' };

function endpoints(networks: readonly string[]): Record<string, object> {
  return Object.fromEntries(networks.map((network) => [network, { DriverOpts: ipv6On }]));
}

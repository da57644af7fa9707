import type Docker from 'dockerode';
import type { ContainerCreateOptions, HostConfig } from 'dockerode';
import { composeLabel } from '../../engine/containers.ts';

const mib = 1024 * 1024;

/** What a container of this kind is started with beyond what all of them have. */
export interface Own {
  entrypoint: readonly string[];
  /** A network, or `container:<id>` for that container's own. */
  network: string;
  tmpfs?: Record<string, string>;
  sysctls?: Record<string, string>;
  /** Processors, 1 is one of them. */
  cpus?: number;
}

/**
 * Creates a container of the `server-firewall` image: root, but with the right to change its own network alone, a read-only
 * root, bounded, and without a log. `ufw` and iptables ask for no more than NET_ADMIN.
 */
export function createBounded(docker: Docker, image: string, project: string, own: Own): Promise<Docker.Container> {
  const host: HostConfig = {
    // What a killed grader leaves behind goes when it ends.
    AutoRemove: true,
    NetworkMode: own.network,
    ReadonlyRootfs: true,
    CapDrop: ['ALL'],
    CapAdd: ['NET_ADMIN'],
    SecurityOpt: ['no-new-privileges'],
    Memory: 128 * mib,
    MemorySwap: 128 * mib,
    PidsLimit: 64,
    NanoCpus: (own.cpus ?? 1) * 1e9,
    OomScoreAdj: 500,
    Ulimits: [
      { Name: 'nofile', Soft: 1024, Hard: 1024 },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
    LogConfig: { Type: 'none', Config: {} },
    ...(own.tmpfs === undefined ? {} : { Tmpfs: own.tmpfs }),
    ...(own.sysctls === undefined ? {} : { Sysctls: own.sysctls }),
    ...(own.network.startsWith('container:') ? {} : { Dns: ['127.0.0.1'] }),
  };
  const options: ContainerCreateOptions = {
    Image: image,
    User: '0:0',
    Entrypoint: [...own.entrypoint],
    Labels: { [composeLabel.project]: project, [composeLabel.service]: 'server-firewall' },
    HostConfig: host,
  };
  return docker.createContainer(options);
}

import type { Where } from '../../errors.ts';
import type { Roles } from './roles.ts';

/** A file or folder of the submission, or a named volume, in a container. */
export interface Mount {
  kind: 'submitted' | 'volume';
  /** A path of the submission (empty for all of it), or the volume's name. */
  source: string;
  target: string;
  readOnly: boolean;
}

export interface Tmpfs {
  target: string;
  /** MiB */
  size: number;
  options: readonly string[];
}

export interface Attachment {
  network: string;
  aliases: readonly string[];
  address?: string;
  mac?: string;
  priority: number;
  at: Where;
}

export interface Healthcheck {
  test?: string | readonly string[];
  disable?: boolean;
  retries?: number;
  /** Durations as Compose writes them, within our bounds. */
  times: Readonly<Record<string, string>>;
}

/** A student's service as far as it is allowed. Texts are as a container gets them: `$$` is `$` here. */
export interface DescribedService {
  name: string;
  at: Where;
  /** The part of the lab whose image it uses. */
  part: string;
  firewall: boolean;
  command?: string | readonly string[];
  entrypoint?: string | readonly string[];
  environment: ReadonlyMap<string, string>;
  user?: string;
  hostname?: string;
  workingDir?: string;
  healthcheck?: Healthcheck;
  dependsOn: readonly { service: string; condition: string; at: Where }[];
  init?: boolean;
  stopSignal?: string;
  restart: 'no' | 'unless-stopped';
  netAdmin: boolean;
  sysctls: ReadonlyMap<string, string>;
  hosts: readonly { name: string; address: string }[];
  mounts: readonly Mount[];
  tmpfs: readonly Tmpfs[];
  networks: readonly Attachment[];
  /** MiB; at most the part's own. */
  memory: number;
  cpus: number;
  processes: number;
  openFiles: number;
}

export interface DescribedNetwork {
  name: string;
  at: Where;
  subnet?: string;
  gateway?: string;
}

/** Everything that is taken from a student's project: plain data, nothing of the student's YAML. */
export interface Described {
  services: readonly DescribedService[];
  networks: readonly DescribedNetwork[];
  volumes: readonly string[];
  roles: Roles;
}

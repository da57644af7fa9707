import { parts } from '../../engine/images/parts.ts';

/** MiB of memory that a service of each part gets at most; what the lab's own services have. */
const memory: Readonly<Record<string, number>> = {
  firewall: 96,
  balancer: 128,
  web: 192,
  'web-apache-php': 192,
  'web-caddy-python': 192,
  database: 512,
  server: 640,
  prometheus: 384,
  alertmanager: 96,
  inbox: 128,
  prober: 64,
};
export const memoryOf = (part: string): number => memory[part] ?? 128;

/** The parts whose images a student may name: the grader's own probe is not among them. */
export const studentParts: readonly string[] = Object.keys(parts).filter((part) => part !== 'probe');

export const most = {
  services: 20,
  networks: 8,
  volumes: 8,
  /** MiB that all services of a project may use together. */
  memory: 4096,
  cpus: 2,
  processes: 200,
  openFiles: 8192,
  /** Of any single file that a submission's program writes. */
  fileBytes: 256 * 2 ** 20,
  /** Of all volumes of one submission together: a right one of any exercise needs a third of it. */
  volumeBytes: 2 ** 30,
  /** MiB */
  tmpfs: 64,
  mounts: 32,
  /** Of any list in a service. */
  list: 100,
} as const;

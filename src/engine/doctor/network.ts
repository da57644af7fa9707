import type Docker from 'dockerode';
import { UserError } from '../../errors.ts';
import { freeBlock, usedSubnets } from '../networks.ts';
import { describeHolder, portHolders } from '../ports.ts';
import { lookDeadlineMs, ok, problem, warning, type DoctorFinding } from './finding.ts';

/** The reference lab's own host ports (labs/secured-monitored/lab.yml). */
export const labPorts = [8443, 8080, 9090, 9093, 3000, 8025] as const;

/** Which of a lab's host ports are taken, and by what. A lab's own containers count: two labs need ports of their own. */
export async function lookAtPorts(
  docker: Docker | undefined,
  ports: readonly number[] = labPorts,
): Promise<DoctorFinding> {
  const holders = await portHolders(ports, docker);
  const title = 'Ports on loopback';
  if (holders.size === 0) return ok('ports', title, `${ports.join(', ')} are free`);
  const taken = [...holders].map(([port, holder]) => `${port} by ${describeHolder(holder)}`);
  return warning(
    'ports',
    title,
    `taken: ${taken.join('; ')}`,
    'Stop what holds them, or choose others: `lab up --https-port N --http-port N`.',
  );
}

/** Whether a block for a lab's zones is free among the /24s of 10.77.0.0/16. */
export async function lookAtSubnets(docker: Docker): Promise<DoctorFinding> {
  const title = 'Subnets';
  const candidates = Array.from({ length: 256 }, (_, third) => `10.77.${third}.0/24`);
  const used = await usedSubnets(docker);
  const isFree = (candidate: string): boolean => {
    try {
      freeBlock([candidate], used);
      return true;
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
  };
  const free = candidates.filter(isFree).length;
  if (free > 0) return ok('subnets', title, `${free} of 256 blocks in 10.77.0.0/16 are free`);
  return problem(
    'subnets',
    title,
    'no free block in 10.77.0.0/16',
    'Remove networks that are not needed (`docker network ls`), or take down other labs.',
  );
}

/** Whether images can be had: from a registry, or built from a Debian mirror. Needed only until they are here. */
export async function lookAtSources(env: NodeJS.ProcessEnv = process.env): Promise<DoctorFinding[]> {
  const mirror = env['LAB_DEBIAN_MIRROR'] || 'http://deb.debian.org/debian';
  const [registry, debian] = await Promise.all([
    // 401 is what a registry says to a visitor without a token.
    isReachable('https://registry-1.docker.io/v2/', [200, 401]),
    isReachable(`${mirror.replace(/\/+$/, '')}/dists/trixie/InRelease`, [200]),
  ]);
  return [
    registry === true
      ? ok('registry', 'Container registry', 'registry-1.docker.io answers')
      : warning(
          'registry',
          'Container registry',
          `registry-1.docker.io: ${registry}`,
          'Not needed: images are built from Debian, and Grafana is left out. For Grafana, let this machine reach a registry.',
        ),
    debian === true
      ? ok('mirror', 'Debian mirror', `${mirror} answers`)
      : warning(
          'mirror',
          'Debian mirror',
          `${mirror}: ${debian}`,
          'Name one that answers (LAB_DEBIAN_MIRROR=http://…/debian), or load images from a file: `lab images load FILE`.',
        ),
  ];
}

/** True, or what stands in the way. */
async function isReachable(url: string, statuses: readonly number[]): Promise<true | string> {
  try {
    const response = await fetch(url, {
      method: 'HEAD',
      redirect: 'follow',
      signal: AbortSignal.timeout(lookDeadlineMs),
    });
    return statuses.includes(response.status) ? true : `HTTP status ${response.status}`;
  } catch (error) {
    const cause = (error as Error).cause as NodeJS.ErrnoException | undefined;
    return (
      cause?.code ??
      ((error as Error).name === 'TimeoutError' ? `no answer within ${lookDeadlineMs / 1000} s` : String(error))
    );
  }
}

import type Docker from 'dockerode';
import { UserError } from '../../errors.ts';
import { findCompose } from '../compose.ts';
import { apiAtLeast, checkEngine, minimumApi } from '../docker.ts';
import { lookDeadlineMs, ok, problem, warning, type DoctorFinding } from './finding.ts';

/** Whether the engine answers, is new enough, and knows `start_interval`. */
export async function lookAtEngine(docker: Docker): Promise<DoctorFinding[]> {
  try {
    const { version, api } = await checkEngine(docker, lookDeadlineMs);
    return [
      ok('engine', 'Docker engine', `${version}, API ${api}`),
      ok(
        'start-interval',
        'Fast health checks at start',
        apiAtLeast(api, minimumApi) ? 'start_interval is known' : 'unknown',
      ),
    ];
  } catch (error) {
    return [fromError('engine', 'Docker engine', error)];
  }
}

/** Whether Compose is there and new enough. */
export async function lookAtCompose(): Promise<DoctorFinding> {
  try {
    const { version, argv } = await findCompose();
    return ok('compose', 'Docker Compose', `${version} (${argv.join(' ')})`);
  } catch (error) {
    return fromError('compose', 'Docker Compose', error);
  }
}

/** Whether networks can have firewalls of their own: the engine must manage iptables. */
export async function lookAtNetworking(docker: Docker): Promise<DoctorFinding> {
  const title = 'Published ports';
  const networks = await docker.listNetworks({ filters: { driver: ['bridge'] } });
  if (networks.length > 0) return ok('networking', title, `bridge driver, ${networks.length} bridge network(s)`);
  return warning(
    'networking',
    title,
    'no bridge network: dockerd may have been started with --bridge=none',
    'Start dockerd with its default bridge and iptables; without them no port is published.',
  );
}

/** A finding in the words of an error that the user can mend. @throws every other error */
export function fromError(id: string, title: string, error: unknown): DoctorFinding {
  if (!(error instanceof UserError)) throw error;
  const [first] = error.problems;
  return problem(id, title, first?.message ?? error.message, first?.fix ?? 'See README.');
}

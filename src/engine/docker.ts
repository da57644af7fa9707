import { existsSync } from 'node:fs';
import Docker from 'dockerode';
import { machineError, type UserError } from '../errors.ts';
import { engineAddress } from './address.ts';

/** API of Engine 25, the first with `start_interval` in health checks (docs.docker.com/reference/api/engine/version-history). */
export const minimumApi = '1.44';

/** A client of the engine that `DOCKER_HOST` names, or of the local one. Does not talk to it yet. */
export function client(): Docker {
  return new Docker();
}

export interface EngineVersion {
  version: string;
  api: string;
}

/**
 * A client of an engine that answers and is new enough.
 * @throws UserError ENGINE_MISSING, ENGINE_NO_RIGHTS, ENGINE_TOO_OLD (exit code 3)
 */
export async function connect(): Promise<Docker> {
  const docker = client();
  await checkEngine(docker);
  return docker;
}

/**
 * The engine's version.
 * @throws as `connect`
 */
export async function checkEngine(docker: Docker, deadlineMs = 5000): Promise<EngineVersion> {
  let answer: Docker.DockerVersion;
  try {
    answer = await within(docker.version(), deadlineMs);
  } catch (error) {
    throw explainConnection(error, process.platform === 'linux' && existsSync('/usr/bin/dockerd'));
  }
  const found = { version: answer.Version, api: answer.ApiVersion };
  if (!apiAtLeast(found.api, minimumApi)) throw tooOld(found);
  return found;
}

/** Compares API versions such as `1.45`, number by number. */
export function apiAtLeast(found: string, least: string): boolean {
  const [major = 0, minor = 0] = found.split('.').map(Number);
  const [leastMajor = 0, leastMinor = 0] = least.split('.').map(Number);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

/** @param installed whether a `dockerd` is there that only needs to be started */
export function explainConnection(error: unknown, installed: boolean): UserError {
  const code = (error as NodeJS.ErrnoException).code;
  const address = engineAddress();
  if (code === 'EACCES' || code === 'EPERM') {
    return machineError(
      'ENGINE_NO_RIGHTS',
      {
        message: `You have no rights to the Docker engine at ${address}.`,
        expected: 'a user who may open the engine’s socket',
        found: `${code} for user id ${process.getuid?.() ?? '?'}`,
        fix: 'Run as root, or join the group of the socket: `sudo usermod -aG docker $USER`, then log in again.',
      },
      error,
    );
  }
  const local = address.startsWith('unix:');
  return machineError(
    'ENGINE_MISSING',
    {
      message: `No Docker engine answers at ${address}.`,
      expected: 'Docker Engine 25 or newer',
      found: code ?? (error instanceof Error ? error.message : String(error)),
      fix: !local
        ? 'Check DOCKER_HOST, or unset it to use the engine of this machine.'
        : installed
          ? 'It is installed but not running. Start it: `./lab setup`, or `sudo systemctl start docker`.'
          : 'Install and start one: `./lab setup` (it asks first), or see https://docs.docker.com/engine/install.',
    },
    error,
  );
}

function tooOld(found: EngineVersion): UserError {
  return machineError('ENGINE_TOO_OLD', {
    message: `Docker Engine ${found.version} is too old.`,
    expected: `API ${minimumApi} or newer, which is Docker Engine 25`,
    found: `API ${found.api}`,
    fix: 'Install a newer engine: `./lab setup` on Debian and Ubuntu, or https://docs.docker.com/engine/install.',
  });
}

/** The result of `work`, or an error once `deadlineMs` have passed. The work itself goes on. */
export async function within<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${deadlineMs} ms`)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

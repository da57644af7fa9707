import { spawn } from 'node:child_process';
import type Docker from 'dockerode';
import { machineError } from '../../errors.ts';
import { step, type Emit } from '../../events.ts';
import { explainOutput } from '../failures.ts';
import { isRoot, readDistribution } from '../setup/distribution.ts';
import { installPackages } from '../setup/apt.ts';
import { programExists } from '../programs.ts';
import { LastLines, lineSplitter } from '../text.ts';
import { imageExists } from './inspect.ts';
import { pull } from './pull.ts';
import { followMessages } from './stream.ts';

/** Debian 13 as its maintainers publish it, and the same system as we make it ourselves. */
export const officialDebian = 'debian:trixie-slim';
export const ownDebian = 'lab/debian:trixie';

const registryDeadlineMs = 10_000;

/**
 * The image that the parts build on: the official one if it is here, our own if it is here, the official one if a registry
 * gives it in time, and otherwise our own, made from a Debian mirror. Nothing is remembered but the image itself.
 * @throws UserError DEBIAN_UNAVAILABLE, MIRROR_UNREACHABLE, DISK_FULL
 */
export async function baseSource(
  docker: Docker,
  { emit, signal }: { emit: Emit; signal: AbortSignal },
): Promise<string> {
  for (const reference of [officialDebian, ownDebian]) if (await imageExists(docker, reference)) return reference;
  return step(emit, ['images', 'debian'], 'Debian 13', async (onProgress) => {
    onProgress('asking the registry');
    try {
      await pull(docker, officialDebian, { deadlineMs: registryDeadlineMs, signal, onProgress });
      return officialDebian;
    } catch (error) {
      signal.throwIfAborted();
      onProgress('no registry answers: making it from a Debian mirror');
      await makeDebian(docker, { signal, onProgress, refusal: error });
      return ownDebian;
    }
  });
}

async function makeDebian(
  docker: Docker,
  { signal, onProgress, refusal }: { signal: AbortSignal; onProgress: (detail: string) => void; refusal: unknown },
): Promise<void> {
  if (!(await programExists('mmdebstrap'))) await installMmdebstrap(onProgress, refusal);
  const mirror = process.env['LAB_DEBIAN_MIRROR'] ?? 'http://deb.debian.org/debian';
  const child = spawn('mmdebstrap', ['--variant=minbase', '--format=tar', 'trixie', '-', mirror], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' },
    signal,
  });
  const last = new LastLines(40);
  const progress = lineSplitter((line) => {
    last.add(line);
    onProgress(line.replace(/^I: /, ''));
  });
  child.stderr.setEncoding('utf8').on('data', progress.push);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  const imported = importImage(docker, child.stdout, signal).catch((error: unknown) => error as Error);
  const exitCode = await ended.catch((error: unknown) => error as Error);
  const result = await imported;
  // Named only when mmdebstrap ended well: a tar that was cut off may import without complaint.
  if (exitCode === 0 && typeof result === 'string') {
    const [repo = '', tag = ''] = ownDebian.split(':');
    await docker.getImage(result).tag({ repo, tag });
    return;
  }
  if (typeof result === 'string')
    await docker
      .getImage(result)
      .remove()
      .catch(() => undefined);
  signal.throwIfAborted();
  const said = [last.toString(), exitCode, result].filter((part) => typeof part !== 'number').map(String);
  throw explainOutput(said.join('\n'), {
    code: 'DEBIAN_UNAVAILABLE',
    message: 'A Debian 13 base system could not be made.',
  });
}

/** Imports a root file system without a name. @returns its id */
async function importImage(docker: Docker, tarball: NodeJS.ReadableStream, signal: AbortSignal): Promise<string> {
  const changes = ['CMD ["bash"]', 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'];
  const stream = await docker.importImage(tarball, {
    changes,
    message: 'mmdebstrap minbase trixie',
    abortSignal: signal,
  });
  let id: string | undefined;
  await followMessages(docker, stream, ({ status }) => {
    if (status?.startsWith('sha256:')) id = status;
  });
  if (id === undefined) throw new Error('the engine did not name the image that it imported');
  return id;
}

async function installMmdebstrap(onProgress: (detail: string) => void, refusal: unknown): Promise<void> {
  const distribution = await readDistribution();
  if (distribution.family !== 'debian' || !isRoot()) {
    throw machineError('DEBIAN_UNAVAILABLE', {
      message: `${officialDebian} cannot be pulled, and mmdebstrap, which would make it, is not installed.`,
      expected: 'a container registry, or mmdebstrap and a Debian mirror',
      found: refusal instanceof Error ? refusal.message : String(refusal),
      fix:
        distribution.family === 'debian'
          ? 'Run: sudo apt-get install mmdebstrap debian-archive-keyring'
          : 'Load the images from a file that another machine made: `lab images save FILE` there, `lab images load FILE` here.',
    });
  }
  onProgress('installing mmdebstrap');
  await installPackages(['mmdebstrap', 'debian-archive-keyring'], onProgress);
}

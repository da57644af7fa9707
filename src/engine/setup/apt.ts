import { execa } from 'execa';
import { explainOutput } from '../failures.ts';
import { LastLines, lineSplitter } from '../text.ts';

/** Installs Debian packages. @throws UserError MIRROR_UNREACHABLE, DISK_FULL, COMMAND_FAILED */
export async function installPackages(
  packages: readonly string[],
  onProgress: (detail: string) => void,
): Promise<void> {
  await runQuietly(aptUpdate, onProgress);
  await runQuietly(aptInstall(packages), onProgress);
}

// A machine that has just started may still be running its own updates.
const patience = ['-o', 'DPkg::Lock::Timeout=120', '-o', 'Dpkg::Use-Pty=0'];

export const aptUpdate = ['apt-get', ...patience, 'update', '--error-on=any'] as const;

export function aptInstall(packages: readonly string[]): string[] {
  return ['apt-get', ...patience, '--yes', '--no-install-recommends', 'install', ...packages];
}

/**
 * Runs a command of the system; its output is progress, and on failure its last lines are the error.
 * @throws UserError
 */
export async function runQuietly(
  argv: readonly string[],
  onProgress: (detail: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const [program = '', ...args] = argv;
  const last = new LastLines(40);
  const lines = lineSplitter((line) => {
    last.add(line);
    onProgress(line.length > 70 ? `${line.slice(0, 69)}…` : line);
  });
  const running = execa(program, args, {
    all: true,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C', PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
    ...(signal ? { cancelSignal: signal } : {}),
  });
  running.all.setEncoding('utf8').on('data', lines.push);
  const { failed, exitCode } = await running;
  lines.end();
  signal?.throwIfAborted();
  if (!failed) return;
  throw explainOutput(last.toString(), {
    code: 'COMMAND_FAILED',
    message: `\`${argv.join(' ')}\` ended with exit code ${exitCode ?? 'unknown'}.`,
  });
}

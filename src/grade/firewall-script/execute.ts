import { setTimeout as sleep } from 'node:timers/promises';
import { PassThrough, type Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { isRunning, unlessStatus } from '../../engine/containers.ts';

/** How long a script may take: five times what a long `ufw` script takes on one slow processor. */
const deadlineMs = 20_000;
/** What is kept of its output, and how much it may write before it is stopped. */
const keptBytes = 64 * 1024;
const mostBytes = 4 * 1024 * 1024;

export interface Execution {
  /** `itself`: it ended. Otherwise it was stopped: too late, too much output, or its container died under it. */
  ended: 'itself' | 'late' | 'flood' | 'dead';
  exitCode: number | null;
  /** The first 64 KiB that it wrote, both streams as they came. */
  output: string;
}

/**
 * Runs a script in a container that stands. What it started may run on: only the end of the container ends that for sure.
 * @throws the signal's reason
 */
export async function execute(container: Docker.Container, script: string, signal: AbortSignal): Promise<Execution> {
  const bytes = Buffer.from(script);
  const exec = await container.exec({
    Cmd: ['/usr/local/sbin/run-script', String(bytes.length)],
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
  });
  const stream = (await exec.start({ hijack: true, stdin: true })) as Duplex;
  // What the engine breaks off is told by the exec itself.
  stream.on('error', () => undefined);
  const written = collect(container, stream);
  try {
    stream.write(bytes);
    const until = performance.now() + deadlineMs;
    for (;;) {
      signal.throwIfAborted();
      const { Running, ExitCode } = (await exec.inspect().catch(unlessStatus(404))) ?? {
        Running: false,
        ExitCode: null,
      };
      if (!Running && ExitCode !== null) {
        await Promise.race([written.end, sleep(200)]);
        return { ended: 'itself', exitCode: ExitCode, output: written.text() };
      }
      // A container that died takes its execs with it. One that lives has not begun this one yet: the engine answers a start before it starts.
      if (!Running && !(await isRunning(container))) return { ended: 'dead', exitCode: null, output: written.text() };
      if (written.size() > mostBytes) return { ended: 'flood', exitCode: null, output: written.text() };
      if (performance.now() > until) return { ended: 'late', exitCode: null, output: written.text() };
      await sleep(50, undefined, { signal });
    }
  } finally {
    stream.destroy();
  }
}

function collect(container: Docker.Container, stream: Duplex): { text(): string; size(): number; end: Promise<void> } {
  const chunks: Buffer[] = [];
  let size = 0;
  const output = new PassThrough();
  container.modem.demuxStream(stream, output, output);
  output.on('data', (chunk: Buffer) => {
    if (size < keptBytes) chunks.push(chunk.subarray(0, keptBytes - size));
    size += chunk.length;
    // Past this it is stopped: what comes until then is not read.
    if (size > mostBytes) stream.pause();
  });
  const end = new Promise<void>((resolve) => stream.once('end', resolve).once('close', resolve));
  return { text: () => Buffer.concat(chunks).toString('utf8'), size: () => size, end };
}

import { PassThrough, type Duplex } from 'node:stream';
import type Docker from 'dockerode';

/** The labels that Compose puts on what it makes. */
export const composeLabel = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
} as const;

/** All containers of a Compose project, stopped ones too. */
export async function projectContainers(docker: Docker, project: string): Promise<Docker.ContainerInfo[]> {
  return docker.listContainers({ all: true, filters: { label: [`${composeLabel.project}=${project}`] } });
}

/** Everything the engine knows about a project's containers, by service. One that goes away meanwhile is left out. */
export async function inspectProject(
  docker: Docker,
  project: string,
): Promise<Map<string, Docker.ContainerInspectInfo>> {
  const containers = await projectContainers(docker, project);
  const inspected = await Promise.all(
    containers.map(async ({ Id }) => docker.getContainer(Id).inspect().catch(unlessStatus(404))),
  );
  const present = inspected.filter((info) => info !== undefined);
  return new Map(present.map((info) => [info.Config.Labels[composeLabel.service] ?? info.Name.slice(1), info]));
}

/** Turns an engine's answer with this HTTP status into `undefined`. @throws every other error */
export function unlessStatus(status: number): (error: unknown) => undefined {
  return (error) => {
    if ((error as { statusCode?: number }).statusCode === status) return undefined;
    throw error;
  };
}

export interface ExecOptions {
  stdin?: string | Buffer;
  /** Default 10,000. */
  timeoutMs?: number;
  /** Kept of each stream; what is more is dropped. Default 1 MiB. */
  maxBytes?: number;
  user?: string;
  signal?: AbortSignal | undefined;
}

export interface ExecResult {
  exitCode: number;
  stdout: string;
  stderr: string;
  /** Whether a stream was longer than `maxBytes`. */
  truncated: boolean;
}

/** A command inside a container had not ended by its deadline. The engine cannot end it: it may still run. */
export class ExecTimeout extends Error {
  override readonly name = 'ExecTimeout';
}

/**
 * Runs a command in a running container.
 * @throws ExecTimeout after `timeoutMs`; the engine's own error when the container is not running
 */
export async function exec(
  container: Docker.Container,
  argv: readonly string[],
  { stdin, timeoutMs = 10_000, maxBytes = 1 << 20, user, signal }: ExecOptions = {},
): Promise<ExecResult> {
  const hasInput = stdin !== undefined;
  const created = await container.exec({
    Cmd: [...argv],
    AttachStdin: hasInput,
    AttachStdout: true,
    AttachStderr: true,
    Tty: false,
    ...(user === undefined ? {} : { User: user }),
  });
  const stream = await created.start({ hijack: hasInput, stdin: hasInput });
  const stdout = new Bounded(maxBytes);
  const stderr = new Bounded(maxBytes);
  container.modem.demuxStream(stream, stdout, stderr);
  if (hasInput) stream.end(stdin);
  await ended(stream, argv, timeoutMs, signal);
  const { ExitCode } = await created.inspect();
  return {
    exitCode: ExitCode ?? -1,
    stdout: stdout.text(),
    stderr: stderr.text(),
    truncated: stdout.truncated || stderr.truncated,
  };
}

async function ended(stream: Duplex, argv: readonly string[], timeoutMs: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  let release = (): void => undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const late = (): void => reject(new ExecTimeout(`\`${argv.join(' ')}\` took longer than ${timeoutMs} ms`));
      const timer = setTimeout(late, timeoutMs);
      const abort = (): void => reject(signal?.reason as Error);
      signal?.addEventListener('abort', abort, { once: true });
      release = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
      };
      stream.once('end', resolve).once('close', resolve).once('error', reject);
    });
  } finally {
    release();
    stream.destroy();
  }
}

/** Collects at most `limit` bytes. */
class Bounded extends PassThrough {
  private readonly chunks: Buffer[] = [];
  private left: number;
  truncated = false;

  constructor(limit: number) {
    super();
    this.left = limit;
  }

  override write(chunk: Buffer): boolean {
    if (chunk.length > this.left) this.truncated = true;
    const kept = chunk.subarray(0, this.left);
    this.left -= kept.length;
    if (kept.length > 0) this.chunks.push(kept);
    return true;
  }

  text(): string {
    return Buffer.concat(this.chunks).toString('utf8');
  }
}

/** The last lines that a container wrote, both streams in the order of writing. */
export async function logsTail(container: Docker.Container, lines: number): Promise<string[]> {
  const raw = await container.logs({ stdout: true, stderr: true, tail: lines, follow: false });
  return unframe(raw)
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-lines);
}

/** Takes the 8-byte frame headers out of an attached stream (Engine API, "Stream format"). */
export function unframe(raw: Buffer): string {
  const parts: Buffer[] = [];
  for (let at = 0; at + 8 <= raw.length;) {
    const size = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + size));
    at += 8 + size;
  }
  return Buffer.concat(parts).toString('utf8');
}

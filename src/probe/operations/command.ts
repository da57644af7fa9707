import { spawn } from 'node:child_process';
import { boundedBytes, boundedTimeout } from './bounds.ts';

/** The tools in the probe's image that a check may run; `ip` can change routes only where NET_ADMIN is given. */
export const tools = ['ip', 'nmap', 'ncat', 'tcpdump', 'openssl', 'curl', 'hey'] as const;

export interface CommandRequest {
  argv: readonly [(typeof tools)[number], ...string[]];
  stdin?: string;
  /** Default 10 000; then it is killed. */
  timeoutMs?: number;
  /** Kept of each of stdout and stderr; default 64 KiB. */
  maxBytes?: number;
}

export interface CommandOutcome {
  /** `null` when a signal ended it. */
  exitCode: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
  ms: number;
}

/**
 * Runs one of the image's tools, without a shell.
 * @throws when it is not one of them, or is not there
 */
export function command(request: CommandRequest): Promise<CommandOutcome> {
  const started = performance.now();
  const [tool, ...args] = request.argv;
  if (!tools.includes(tool)) throw new Error(`${String(tool)} is not one of the probe's tools: ${tools.join(', ')}`);
  return new Promise((resolve, reject) => {
    const child = spawn(tool, args, { stdio: 'pipe' });
    let timedOut = false;
    const timer = setTimeout(
      () => {
        timedOut = true;
        child.kill('SIGKILL');
      },
      boundedTimeout(request.timeoutMs, 10_000),
    );
    const maxBytes = boundedBytes(request.maxBytes, 65_536);
    const stdout = keep(child.stdout, maxBytes);
    const stderr = keep(child.stderr, maxBytes);
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.once('close', (exitCode) => {
      clearTimeout(timer);
      resolve({ exitCode, stdout: stdout(), stderr: stderr(), timedOut, ms: Math.round(performance.now() - started) });
    });
    // A tool that ends without reading its input is no failure.
    child.stdin.on('error', () => undefined);
    child.stdin.end(request.stdin ?? '');
  });
}

function keep(stream: NodeJS.ReadableStream, maxBytes: number): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    if (size < maxBytes) chunks.push(chunk.subarray(0, maxBytes - size));
    size += chunk.length;
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

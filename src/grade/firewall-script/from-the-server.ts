import { randomBytes } from 'node:crypto';
import type { Ground } from './ground.ts';

interface Heard {
  good: boolean;
  said: string[];
}

/** Where the stranger listens; away from every port that kernels give out by themselves. */
const listenPort = 8999;

/**
 * Whether a connection from the server to the stranger gets what the stranger has to say. A refusal would not do: a REJECT on the
 * way out looks the same.
 */
export async function canTalkOut({ stranger, strangerAddress, server }: Ground): Promise<Heard> {
  const word = randomBytes(8).toString('hex');
  const listening = stranger.command(['ncat', '-l', String(listenPort), '--send-only'], {
    stdin: `${word}\n`,
    timeoutMs: 6000,
  });
  // Nobody may come: then it ends by its own timeout, or with the stranger.
  listening.catch(() => undefined);
  const script = `for turn in $(seq 30); do
    if exec 3<>/dev/tcp/${strangerAddress}/${listenPort}; then read -r -t 3 line <&3; printf '%s' "$line"; exit 0; fi
    sleep 0.1
  done`;
  const { stdout, stderr } = await server.run(['/usr/bin/timeout', '5', '/bin/bash', '-c', script], {
    timeoutMs: 9000,
  });
  return { good: stdout.trim() === word, said: lastLine(stderr, `connection to ${strangerAddress}:${listenPort}`) };
}

/** Whether the server reaches one of its own ports by way of loopback. */
export async function reachesItself({ server }: Ground, port: number): Promise<Heard> {
  const script = `exec 3<>/dev/tcp/127.0.0.1/${port}`;
  const { exitCode, stderr } = await server.run(['/usr/bin/timeout', '3', '/bin/bash', '-c', script]);
  return { good: exitCode === 0, said: lastLine(stderr, `connection to 127.0.0.1:${port}`) };
}

function lastLine(stderr: string, what: string): string[] {
  const last = stderr.trim().split('\n').at(-1) ?? '';
  return [`${what}: ${last === '' ? 'no complaint' : last}`];
}

import { setTimeout as sleep } from 'node:timers/promises';
import { PassThrough, type Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { machineError } from '../errors.ts';
import { AgentChannel } from './agent-channel.ts';
import { probeContainer, type Place } from './probe-container.ts';
import { removeContainer } from './remove-container.ts';

/** A running agent and the way to be rid of it. */
export interface OpenAgent {
  channel: AgentChannel;
  containerId: string;
  /** Ends the agent and returns once it has ended; the engine removes its container then. */
  close(): Promise<void>;
}

export interface AgentOptions {
  docker: Docker;
  project: string;
  owner: string;
  image: string;
  place: Place;
  /** For error messages: `web1`, `a stranger`. */
  name: string;
}

/**
 * Starts an agent in a container of its own and connects to it.
 * @throws `PROBE_FAILED` when Docker cannot start it; nothing is left behind
 */
export async function openAgent(options: AgentOptions): Promise<OpenAgent> {
  const { docker, project, owner, image, place, name } = options;
  try {
    const container = await docker.createContainer(probeContainer(project, owner, image, place));
    try {
      const { channel, ended } = await connect(docker, container);
      await container.start();
      return {
        channel,
        containerId: container.id,
        close: async () => {
          channel.close();
          const deadline = new AbortController();
          const late = sleep(graceMs, 'late', { signal: deadline.signal }).catch(() => undefined);
          if ((await Promise.race([ended, late])) === 'late') await removeContainer(container);
          deadline.abort();
        },
      };
    } catch (error) {
      await removeContainer(container);
      throw error;
    }
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw machineError('PROBE_FAILED', { message: `cannot open a probe: ${name}`, found }, error);
  }
}

/** How long an agent may take to end by itself. */
const graceMs = 2000;

async function connect(
  docker: Docker,
  container: Docker.Container,
): Promise<{ channel: AgentChannel; ended: Promise<void> }> {
  const attached = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
  const stream = attached as Duplex;
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  let said = '';
  stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString('utf8')}`.slice(-2000)));
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      stdout.destroy(new Error(said === '' ? 'the probe ended' : `the probe ended: ${said.trim()}`));
      resolve();
    };
    stream.once('end', end).once('close', end).once('error', end);
  });
  return { channel: new AgentChannel(stream, stdout), ended };
}

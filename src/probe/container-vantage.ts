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
  /** Ends the agent and returns once its container is gone. */
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
      const channel = await connect(docker, container);
      await container.start();
      return {
        channel,
        containerId: container.id,
        close: async () => {
          channel.close();
          await removeContainer(container);
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

async function connect(docker: Docker, container: Docker.Container): Promise<AgentChannel> {
  const attached = await container.attach({ stream: true, stdin: true, stdout: true, stderr: true, hijack: true });
  const stream = attached as Duplex;
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  docker.modem.demuxStream(stream, stdout, stderr);
  let said = '';
  stderr.on('data', (chunk: Buffer) => (said = `${said}${chunk.toString('utf8')}`.slice(-2000)));
  const ended = (): void => {
    stdout.destroy(new Error(said === '' ? 'the probe ended' : `the probe ended: ${said.trim()}`));
  };
  stream.once('end', ended);
  stream.once('close', ended);
  stream.once('error', ended);
  return new AgentChannel(stream, stdout);
}

import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { composeLabel, projectContainers } from '../engine/containers.ts';
import type { CommandOptions, CommandResult } from '../engine/shell.ts';
import { failure } from '../errors.ts';
import type { Plan } from '../plan/types.ts';
import { ownerOfThisProcess } from '../probe/owner.ts';
import { probeLabel } from '../probe/probe-container.ts';
import { ProjectContainers } from '../probe/project-containers.ts';
import type { ProjectFolder } from '../project/folder.ts';

/** A running project, as faults lay hands on it. Close it at the end. */
export interface RunningLab {
  project: string;
  plan: Plan;
  folder: ProjectFolder;
  docker: Docker;
  /**
   * Runs a command in a service's container as the service's own user (root on a firewall).
   * @throws UserError `FAULT_COMMAND` with what it said when it fails
   */
  run(service: string, argv: readonly string[], options?: CommandOptions): Promise<string>;
  /** The same, whatever it ends with. */
  tryRun(service: string, argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /**
   * Runs a shell script with all rights, in the container's namespaces of network and processes; `nsenter -t 1 -m` gives
   * its files. For what a hardened container cannot do to itself.
   */
  asSurgeon(service: string, script: string): Promise<string>;
  /** The container of a service, as it is now. @throws UserError `SERVICE_MISSING` when there is none */
  container(service: string): Promise<Docker.Container>;
  close(): void;
}

export function runningLab(docker: Docker, plan: Plan, folder: ProjectFolder): RunningLab {
  const { project } = plan.settings;
  const containers = new ProjectContainers(docker, project);
  const container = async (service: string): Promise<Docker.Container> => {
    // Looked up each time: somebody may have put another one in its place.
    const found = await projectContainers(docker, project);
    const one = found.find(({ Labels }) => Labels[composeLabel.service] === service);
    if (one !== undefined) return docker.getContainer(one.Id);
    throw failure('SERVICE_MISSING', {
      message: `${service} has no container in the project ${project}`,
      fix: '`lab up` makes it anew',
    });
  };
  const tryRun: RunningLab['tryRun'] = (service, argv, options) =>
    containers.exec(service, argv, { timeoutMs: 30_000, ...options });
  return {
    project,
    plan,
    folder,
    docker,
    tryRun,
    run: async (service, argv, options) =>
      outputOf(service, argv.slice(0, 3).join(' '), await tryRun(service, argv, options)),
    asSurgeon: async (service, script) =>
      outputOf(service, 'the surgeon', await operate(docker, plan, await container(service), script)),
    container,
    close: () => containers.close(),
  };
}

function outputOf(service: string, what: string, { exitCode, stdout, stderr }: CommandResult): string {
  if (exitCode === 0) return stdout;
  throw failure('FAULT_COMMAND', {
    message: `${what} failed on ${service}`,
    found: `exit ${exitCode}: ${(stderr || stdout).trim().slice(0, 400)}`,
  });
}

/** One privileged container beside the service, for one script. It carries the probes' labels, so that a sweep finds it. */
async function operate(docker: Docker, plan: Plan, beside: Docker.Container, script: string): Promise<CommandResult> {
  const { project, images } = plan.settings;
  const [stdout, stderr] = [collector(), collector()];
  const container = await docker.createContainer({
    Image: images['probe'] ?? '',
    User: '0:0',
    Entrypoint: ['sh', '-euc', script],
    Labels: { [probeLabel.project]: project, [probeLabel.owner]: ownerOfThisProcess() },
    AttachStdout: true,
    AttachStderr: true,
    HostConfig: {
      NetworkMode: `container:${beside.id}`,
      PidMode: `container:${beside.id}`,
      Privileged: true,
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  try {
    const stream = await container.attach({ stream: true, stdout: true, stderr: true });
    docker.modem.demuxStream(stream, stdout.stream, stderr.stream);
    const ended = new Promise((resolve) => stream.once('end', resolve).once('close', resolve));
    await container.start();
    const { StatusCode } = (await container.wait()) as { StatusCode: number };
    await ended;
    return { exitCode: StatusCode, stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    await container.remove({ force: true });
  }
}

function collector(): { stream: PassThrough; text(): string } {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') };
}

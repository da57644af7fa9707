import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import type Docker from 'dockerode';
import { composeLabel, projectContainers } from '../../src/engine/containers.ts';
import type { VerifyResult } from '../../src/checks/result.ts';
import { installation } from '../../src/installation.ts';
import type { LabStatus } from '../../src/life/status.ts';

/** Also where this file has become a part of `dist/bench.js`. */
export const root = installation.root;

export interface LabRun {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** `lab` as a user types it, with a home of its own so that no test meets another's projects. */
export class LabCommand {
  readonly home: string;

  private constructor(home: string) {
    this.home = home;
  }

  static async create(): Promise<LabCommand> {
    return new LabCommand(await mkdtemp(join(tmpdir(), 'lab-home-')));
  }

  /** Starts it; its end is the caller's to wait for. */
  start(...args: string[]) {
    return execa(join(root, 'lab'), args, {
      cwd: root,
      env: { LAB_HOME: this.home, NO_COLOR: '1' },
      reject: false,
      stdin: 'ignore',
    });
  }

  async run(...args: string[]): Promise<LabRun> {
    const { exitCode, stdout, stderr } = await this.start(...args);
    return { exitCode: exitCode ?? -1, stdout, stderr };
  }

  /** Runs it and reads its one JSON document. @throws Error with what it printed when it is not JSON */
  async json<T>(...args: string[]): Promise<T> {
    const { stdout, stderr, exitCode } = await this.run(...args, '--json');
    try {
      return JSON.parse(stdout) as T;
    } catch {
      throw new Error(`lab ${args.join(' ')} ended with ${exitCode} and printed no JSON:\n${stdout}\n${stderr}`);
    }
  }

  status(project: string): Promise<LabStatus> {
    return this.json('status', '--project', project);
  }

  /** The checks that did not pass, by id, with what was seen. */
  async unverified(project: string, ...args: string[]): Promise<string[]> {
    const { checks } = await this.json<VerifyResult>('verify', '--project', project, ...args);
    return checks
      .filter(({ status, id }) => status === 'failed' || (status === 'skipped' && !id.includes('grafana')))
      .map(({ id, observed }) => `${id}: ${observed}`);
  }
}

/** Everything on the engine that carries a project's label or name. */
export async function traces(docker: Docker, project: string): Promise<string[]> {
  const label = [`${composeLabel.project}=${project}`];
  const [containers, probes, networks, volumes] = await Promise.all([
    projectContainers(docker, project),
    docker.listContainers({ all: true, filters: { label: [`lab.probe=${project}`] } }),
    docker.listNetworks({ filters: { label } }),
    docker.listVolumes({ filters: { label } }),
  ]);
  return [
    ...[...containers, ...probes].map(({ Names }) => `container ${Names.join()}`),
    ...networks.map(({ Name }) => `network ${Name}`),
    ...volumes.Volumes.map(({ Name }) => `volume ${Name}`),
  ];
}

/** Waits until `holds` is true. @throws Error naming what was waited for, when the deadline is over */
export async function until(what: string, deadlineMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${deadlineMs} ms: ${what}`);
    await pause(100);
  }
}

/** Freezes a container. Where processes are just being started in it, the kernel now and then cannot: runc then thaws it and gives up. */
export const freeze = (container: Docker.Container): Promise<void> =>
  until(`${container.id} is frozen`, 10_000, () =>
    container.pause().then(
      () => true,
      (error: unknown) => {
        if (String(error).includes('unable to freeze')) return false;
        throw error;
      },
    ),
  );

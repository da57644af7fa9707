import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { composeLabel, projectContainers, unlessStatus, userLabel } from '../engine/containers.ts';
import { Shell, type CommandOptions, type CommandResult } from '../engine/shell.ts';
import { failure } from '../errors.ts';

/** A project's containers by service. Facts about them are read once, and again after `stop` and `start`. */
export class ProjectContainers {
  readonly #docker: Docker;
  readonly #project: string;
  readonly #facts = new Map<string, Promise<ContainerInspectInfo>>();
  readonly #shells: { service: string; shell: Shell }[] = [];
  #found: Promise<Map<string, Docker.ContainerInfo>> | undefined;

  constructor(docker: Docker, project: string) {
    this.#docker = docker;
    this.#project = project;
  }

  /** The id of a service's container. @throws `SERVICE_MISSING` when the project has none */
  async id(service: string): Promise<string> {
    return (await this.#info(service)).Id;
  }

  async #info(service: string): Promise<Docker.ContainerInfo> {
    this.#found ??= projectContainers(this.#docker, this.#project).then(
      (found) => new Map(found.map((one) => [one.Labels[composeLabel.service] ?? one.Id, one])),
    );
    const info = (await this.#found).get(service);
    if (info !== undefined) return info;
    throw failure('SERVICE_MISSING', { message: `${service} has no container in the project ${this.#project}` });
  }

  /** `docker inspect` of a service's container, as it was when it was first asked for. */
  facts(service: string): Promise<ContainerInspectInfo> {
    const known = this.#facts.get(service);
    if (known !== undefined) return known;
    const facts = this.#container(service).then((container) => container.inspect());
    this.#facts.set(service, facts);
    return facts;
  }

  /** Runs a command in a service's container. @throws when it is not running */
  async exec(service: string, argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
    const free = this.#shells.find((one) => one.service === service && one.shell.free)?.shell;
    if (free !== undefined) return free.run(argv, options);
    const { Labels } = await this.#info(service);
    const shell = await Shell.open(await this.#container(service), Labels[userLabel]);
    this.#shells.push({ service, shell });
    return shell.run(argv, options);
  }

  /** Ends the shells that are open. */
  close(): void {
    for (const { shell } of this.#shells) shell.close();
  }

  async stop(service: string, graceSeconds = 2): Promise<void> {
    const container = await this.#container(service);
    // 304: it is in that state already.
    await container.stop({ t: graceSeconds }).catch(unlessStatus(304));
    this.#facts.delete(service);
  }

  async kill(service: string): Promise<void> {
    const container = await this.#container(service);
    // 409: it does not run.
    await container.kill().catch(unlessStatus(409));
    // The order is given; it may still answer for a moment.
    await container.wait({ condition: 'not-running' });
    this.#facts.delete(service);
  }

  async start(service: string): Promise<void> {
    const container = await this.#container(service);
    await container.start().catch(unlessStatus(304));
    this.#facts.delete(service);
  }

  async #container(service: string): Promise<Docker.Container> {
    return this.#docker.getContainer(await this.id(service));
  }
}

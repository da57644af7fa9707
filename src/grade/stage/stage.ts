import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { createContext } from '../../checks/context.ts';
import type { CheckContext } from '../../checks/check.ts';
import { composeUp } from '../../engine/compose.ts';
import { composeLabel, projectContainers, unlessStatus } from '../../engine/containers.ts';
import { serviceOf } from '../../faults/fault.ts';
import { activeFaults } from '../../faults/record.ts';
import { runningLab, type RunningLab } from '../../faults/running-lab.ts';
import { waitHealthy } from '../../life/healthy.ts';
import { composeProject, type Project } from '../../life/projects.ts';
import type { Plan } from '../../plan/types.ts';
import { ownerOfThisProcess } from '../../probe/owner.ts';
import type { LoadedExercise } from '../exercise/load.ts';
import type { Parameters } from '../exercise/parameters.ts';
import { reserveBlock, type Block } from './blocks.ts';
import type { Ground, Running } from './ground.ts';
import type { Origins } from './origins.ts';
import { Overlay } from './overlay.ts';
import { playedPlan } from './plan.ts';
import { startTheirs } from './start.ts';
import { ownerPlace, removeStage, stagesHome } from './sweep.ts';
import { writeStage } from './write.ts';

export interface StageOptions {
  docker: Docker;
  exercise: LoadedExercise;
  parameters: Parameters;
  /** Image references by part. */
  images: Record<string, string>;
  signal: AbortSignal;
}

/**
 * A running part of a lab in which submissions are graded one after the other. What no submission can touch stays; the
 * services with a submission's files are made anew for each, with new volumes.
 */
export class Stage implements Ground {
  readonly plan: Plan;
  /** The plan of the services that run, for checks. */
  readonly played: Plan;
  readonly origins: Origins;
  readonly block: string;
  readonly #options: StageOptions;
  readonly #project: Project;
  readonly #reserved: Block;
  readonly #overlay: Overlay;
  #context: CheckContext;
  #running: RunningLab;
  #damaged = false;

  private constructor(options: StageOptions, project: Project, reserved: Block, origins: Origins) {
    this.#options = options;
    this.#project = project;
    this.#reserved = reserved;
    this.#overlay = new Overlay(project.folder);
    this.plan = project.plan;
    this.played = playedPlan(project.plan, options.exercise.stage);
    this.block = reserved.block;
    this.origins = origins;
    this.#context = this.#openContext();
    this.#running = this.#openRunning();
  }

  /** Starts what submissions share, and returns once it is healthy. @throws UserError of the engine or the machine */
  static async open(options: StageOptions): Promise<Stage> {
    const { docker, signal } = options;
    const reserved = await reserveBlock(docker);
    const name = `grade-${randomBytes(5).toString('hex')}`;
    // Whoever finds the folder later knows whose it was, before there is anything to be cleared away.
    mkdirSync(join(stagesHome, name), { recursive: true, mode: 0o700 });
    writeFileSync(ownerPlace(name), ownerOfThisProcess());
    try {
      const { project, origins } = await writeStage(options, name, reserved.block);
      const stage = new Stage(options, project, reserved, origins);
      const shared = stage.#shared();
      if (shared.length === 0) return stage;
      await composeUp(composeProject(project), { signal, services: shared });
      await waitHealthy(
        docker,
        { name, plan: playedPlan(project.plan, { bare: true, services: shared }) },
        { emit: () => undefined, signal, deadlineMs: 120_000 },
      );
      await stage.#context.vantages.open([{ zone: 'edge' }]);
      return stage;
    } catch (error) {
      await removeStage(docker, name).catch(() => undefined);
      reserved.release();
      throw error;
    }
  }

  get project(): string {
    return this.#project.name;
  }

  get context(): CheckContext {
    return this.#context;
  }

  /** The same, as faults lay hands on it. */
  get running(): RunningLab {
    return this.#running;
  }

  /** Lays a submission's files over the lab's and starts its services. Those that lack a required file are not started. */
  async place(files: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Running> {
    const { docker, exercise } = this.#options;
    const missing = new Map<string, string>();
    for (const { path, to, required } of exercise.files) {
      const text = files.get(path);
      if (to === undefined) continue;
      if (text !== undefined) this.#overlay.lay(to, text);
      else if (required) missing.set(to.split('/')[0] ?? '', path);
    }
    const starts = await startTheirs({
      docker,
      context: this.#context,
      target: composeProject(this.#project),
      plan: this.plan,
      stage: exercise.stage,
      missing,
      signal,
    });
    return { starts, notes: [] };
  }

  /** Removes a submission's services and their data, and puts the lab's own files back. */
  async clear(): Promise<void> {
    const { docker, exercise } = this.#options;
    const theirs = exercise.stage.theirs.map(({ service }) => service);
    const containers = (await projectContainers(docker, this.project)).filter(({ Labels }) =>
      theirs.includes(Labels[composeLabel.service] ?? ''),
    );
    await Promise.all(
      containers.map(async ({ Id }) =>
        docker.getContainer(Id).remove({ force: true, v: true }).catch(unlessStatus(404, 409)),
      ),
    );
    const volumes = theirs.map((service) => `${this.project}_${service}-data`);
    await Promise.all(volumes.map((name) => docker.getVolume(name).remove().catch(unlessStatus(404))));
    this.#overlay.takeOff();
    await this.#forgetFaults();
    this.#running.close();
    this.#running = this.#openRunning();
    await this.#context.close();
    this.#context = this.#openContext();
    await this.origins.wake();
  }

  /** Whether what submissions share is as it was: all of it up, and nothing started again meanwhile. */
  async isWhole(): Promise<boolean> {
    if (this.#damaged) return false;
    const shared = this.#shared();
    const containers = await projectContainers(this.#options.docker, this.project);
    return shared.every((service) => {
      const one = containers.find(({ Labels }) => Labels[composeLabel.service] === service);
      return one?.State === 'running' && !one.Status.includes('unhealthy');
    });
  }

  async close(): Promise<void> {
    this.#running.close();
    await this.#context.close();
    await removeStage(this.#options.docker, this.project);
    this.#reserved.release();
  }

  #shared(): string[] {
    const theirs = this.#options.exercise.stage.theirs.map(({ service }) => service);
    return this.played.services.map(({ name }) => name).filter((name) => !theirs.includes(name));
  }

  /** What was broken of theirs is gone with them. What is shared was put back; otherwise nobody else is graded here. */
  async #forgetFaults(): Promise<void> {
    const { faults } = this.#project.folder;
    const shared = this.#shared();
    const active = await activeFaults(this.#project.folder);
    this.#damaged ||= active.some(({ changes }) => changes.some((change) => shared.includes(serviceOf(change))));
    rmSync(faults, { force: true });
  }

  #openRunning(): RunningLab {
    return runningLab(this.#options.docker, this.played, this.#project.folder);
  }

  #openContext(): CheckContext {
    const { docker, signal } = this.#options;
    const { folder, lock } = this.#project;
    return createContext({ docker, plan: this.played, folder, written: lock.files, signal });
  }
}

import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CheckContext } from '../../checks/check.ts';
import { createContext } from '../../checks/context.ts';
import { compose, composeUp, type ComposeProject } from '../../engine/compose.ts';
import { composeLabel, logsTail, projectContainers } from '../../engine/containers.ts';
import { checkEngine } from '../../engine/docker.ts';
import { failure, UserError } from '../../errors.ts';
import { runningLab, type RunningLab } from '../../faults/running-lab.ts';
import { loadLab } from '../../life/labs.ts';
import { makePlan } from '../../plan/plan.ts';
import type { Plan } from '../../plan/types.ts';
import { ownerOfThisProcess } from '../../probe/owner.ts';
import { folderAt } from '../../project/folder.ts';
import { planOwnProject, type OwnProject } from '../compose/plan.ts';
import { reserveBlock, type Block } from './blocks.ts';
import { closeBridges } from './bridges.ts';
import type { Ground, Placed } from './ground.ts';
import { Origins } from './origins.ts';
import { answers } from './own-door.ts';
import { ownPlan } from './own-plan.ts';
import type { StageOptions } from './stage.ts';
import { ownerPlace, removeStage, stagesHome } from './sweep.ts';
import type { Start } from './types.ts';

const pollMs = 250;
const logLines = 12;

/** Room for students' own projects, one after the other: a block of addresses and a name, and nothing that is shared. */
export class OwnStage implements Ground {
  readonly plan: Plan;
  readonly project: string;
  readonly origins: Origins;
  readonly #options: StageOptions;
  readonly #reserved: Block;
  #played: Plan;
  #context: CheckContext;

  private constructor(options: StageOptions, plan: Plan, reserved: Block) {
    this.#options = options;
    this.#reserved = reserved;
    this.plan = plan;
    this.project = plan.settings.project;
    this.origins = new Origins(options.docker, this.project, []);
    this.#played = { ...plan, services: [] };
    this.#context = this.#openContext();
  }

  /** @throws UserError of the engine or the machine */
  static async open(options: StageOptions): Promise<OwnStage> {
    const { docker, exercise, images } = options;
    const [lab] = await Promise.all([loadLab(exercise.lab), checkEngine(docker)]);
    const reserved = await reserveBlock(docker);
    const project = `grade-${randomBytes(5).toString('hex')}`;
    const settings = { project, block: reserved.block, ports: {}, seed: 0, grafana: false, images };
    const plan = makePlan({ ...lab, endpoints: {} }, { ...settings, certificates: 'lab-ca' });
    return new OwnStage(options, plan, reserved);
  }

  get block(): string {
    return this.#reserved.block;
  }

  get played(): Plan {
    return this.#played;
  }

  get context(): CheckContext {
    return this.#context;
  }

  get running(): RunningLab {
    return runningLab(this.#options.docker, this.#played, folderAt(join(stagesHome, this.project)));
  }

  /** Writes the project that the submission describes, and starts it. */
  async place(files: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Placed> {
    const { images, exercise } = this.#options;
    const { project, block } = this;
    const planned = planOwnProject({ name: project, files, notes: [] }, { images, block, project });
    if ('refusals' in planned) return planned;
    const own = planned.project;
    const target = this.#write(own);
    this.#played = ownPlan(this.plan, own);
    this.#context = this.#openContext();
    const deadline = performance.now() + exercise.stage.startSeconds * 1000;
    const refusal = await this.#start(target, images['firewall'] ?? '', signal);
    if (refusal === undefined) await this.#untilReady(own, deadline, signal);
    return { starts: await this.#starts(refusal), notes: planned.notes, own };
  }

  async clear(): Promise<void> {
    await this.#context.close();
    await removeStage(this.#options.docker, this.project);
    this.#played = { ...this.plan, services: [] };
    this.#context = this.#openContext();
  }

  isWhole(): Promise<boolean> {
    return Promise.resolve(true);
  }

  async close(): Promise<void> {
    await this.clear();
    await this.#context.close();
    this.#reserved.release();
  }

  /** What a container mounts must be readable for whomever it runs as; others do not get as far as the folder of all stages. */
  #write({ composeYaml, files }: OwnProject): ComposeProject {
    const directory = join(stagesHome, this.project);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // Whoever finds the folder later knows whose it was, before there is anything to be cleared away.
    writeFileSync(ownerPlace(this.project), ownerOfThisProcess());
    for (const { path, content } of files) {
      const place = join(directory, path);
      const made = mkdirSync(dirname(place), { recursive: true });
      if (made !== undefined)
        for (let folder = dirname(place); folder.length >= made.length; folder = dirname(folder))
          chmodSync(folder, 0o755);
      writeFileSync(place, content);
      chmodSync(place, 0o644);
    }
    const file = join(directory, 'compose.yml');
    writeFileSync(file, composeYaml);
    return { project: this.project, directory, file };
  }

  /** The networks are closed before anything of the submission runs in them. @returns why it could not be started */
  async #start(target: ComposeProject, image: string, signal: AbortSignal): Promise<UserError | undefined> {
    try {
      await compose(target, ['create', '--pull', 'never'], { signal });
      await closeBridges(this.#options.docker, this.project, image);
      await composeUp(target, { signal });
      return undefined;
    } catch (error) {
      if (signal.aborted) return failure('START_LATE', { message: 'was not started when its time was over' });
      if (error instanceof UserError && error.exitCode !== 3) return error;
      throw error;
    }
  }

  /** Until visitors are answered and messages can be read, or the time is over. */
  async #untilReady(own: OwnProject, deadline: number, signal: AbortSignal): Promise<void> {
    while (performance.now() < deadline && !signal.aborted) {
      if (await answers(this.#context, own)) return;
      await pause(pollMs);
    }
  }

  async #starts(refusal: UserError | undefined): Promise<Map<string, Start>> {
    const { docker } = this.#options;
    const containers = await projectContainers(docker, this.project);
    const named = containers.map(async ({ Id, Labels, State, Status }): Promise<[string, Start]> => {
      const container = docker.getContainer(Id);
      const { RestartCount: restarts } = await container.inspect();
      const ready = State === 'running' && restarts < 3 && !Status.includes('unhealthy');
      const log = ready ? [] : await logsTail(container, logLines).catch(() => []);
      const words = ready ? 'is up' : restarts > 0 ? `ends again and again (${restarts} times so far)` : Status;
      return [Labels[composeLabel.service] ?? Id, { ready, words: refusal?.message ?? words, log }];
    });
    return new Map(await Promise.all(named));
  }

  #openContext(): CheckContext {
    const { docker, signal } = this.#options;
    const folder = { authority: '', secret: () => '' };
    return createContext({ docker, plan: this.#played, folder, written: {}, signal });
  }
}

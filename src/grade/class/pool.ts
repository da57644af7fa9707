import type Docker from 'dockerode';
import type { LimitFunction } from 'p-limit';
import type { LoadedExercise } from '../exercise/load.ts';
import type { Parameters } from '../exercise/parameters.ts';
import type { Ground } from '../stage/ground.ts';
import { openStage } from '../stage/open.ts';

/** A stage for one grader, kept from submission to submission while it is whole and made for the same parameters. */
export class StageKeeper {
  readonly #open: (parameters: Parameters) => Promise<Ground>;
  #stage: Ground | undefined;
  #madeFor = '';

  /** @param oneByOne shared by all graders of a class: a stage that starts takes all processors for seconds */
  constructor(
    options: {
      docker: Docker;
      exercise: LoadedExercise;
      images: Record<string, string>;
      signal: AbortSignal;
    },
    oneByOne: LimitFunction,
  ) {
    this.#open = (parameters) =>
      oneByOne(() => {
        options.signal.throwIfAborted();
        return openStage({ ...options, parameters });
      });
  }

  /** The stage that was used before, or a new one. @param fresh whether it must be new */
  async stageFor(parameters: Parameters, fresh = false): Promise<Ground> {
    const wanted = JSON.stringify(parameters);
    const fits = this.#stage !== undefined && !fresh && this.#madeFor === wanted && (await this.#stage.isWhole());
    if (!fits) {
      await this.close();
      this.#stage = await this.#open(parameters);
      this.#madeFor = wanted;
    }
    return this.#stage as Ground;
  }

  async close(): Promise<void> {
    const stage = this.#stage;
    this.#stage = undefined;
    await stage?.close();
  }
}

import type { Ground } from './ground.ts';
import { OwnStage } from './own-stage.ts';
import { Stage, type StageOptions } from './stage.ts';

/** The ground that an exercise is graded on. @throws UserError of the engine or the machine */
export function openStage(options: StageOptions): Promise<Ground> {
  return options.exercise.takes === 'project' ? OwnStage.open(options) : Stage.open(options);
}

import { breakLab } from '../../../faults/break.ts';
import { undo } from '../../../faults/fix.ts';
import { forget, type ActiveFault } from '../../../faults/record.ts';
import { machineError } from '../../../errors.ts';
import type { MeasureContext } from '../measure.ts';
import type { Drill } from './cast-drill.ts';

/** A fault that is in the stage, to be taken out again. */
export interface Broken {
  drill: Drill;
  record: ActiveFault;
  /** When its breaking began, and when it was in, by this machine’s clock. */
  since: number;
  at: number;
}

/** Puts a fault in. @throws UserError `STAGE_FAULT` of the machine: the stage is the grader’s own */
export async function breakWith({ running }: MeasureContext, drill: Drill): Promise<Broken> {
  const since = Date.now();
  try {
    const record = await breakLab(running, drill.fault, 'drill');
    return { drill, record, since, at: Date.now() };
  } catch (error) {
    throw ofTheStage(`${drill.fault.name} could not be put in`, error);
  }
}

/** Takes it out again. @throws the same; whatever is shared is not whole then */
export async function mend({ running }: MeasureContext, { drill, record }: Broken): Promise<void> {
  try {
    await undo(running, drill.fault, record);
    await forget(running.folder, drill.fault.name);
  } catch (error) {
    throw ofTheStage(`${drill.fault.name} could not be taken out`, error);
  }
}

function ofTheStage(message: string, error: unknown): Error {
  const found = error instanceof Error ? error.message : String(error);
  return machineError('STAGE_FAULT', { message, found }, error);
}

import type { Emit } from '../events.ts';
import { failure, inputError, UserError } from '../errors.ts';
import { composeUp } from '../engine/compose.ts';
import { breakLab, faultNamed } from '../faults/break.ts';
import type { Fault } from '../faults/fault.ts';
import { undo, type Mended } from '../faults/fix.ts';
import { activeFaults, alone, forget, type ActiveFault } from '../faults/record.ts';
import { runningLab, type RunningLab } from '../faults/running-lab.ts';
import { nearestName } from '../lab/nearest-name.ts';
import { waitHealthy } from './healthy.ts';
import { composeProject } from './projects.ts';
import type { Open } from './running.ts';

interface Io {
  emit: Emit;
  signal: AbortSignal;
}

/** Puts a fault into a running project. @throws as `faultNamed` and `breakLab` */
export async function breakProject(
  open: Open,
  name: string,
  by: ActiveFault['by'] = 'person',
): Promise<{ fault: Fault; record: ActiveFault }> {
  const fault = faultNamed(open.project.plan, name);
  const record = await onLab(open, (lab) => breakLab(lab, fault, by));
  return { fault, record };
}

/** A fault that was taken out again, with what was found. */
export interface Fixed {
  fault: Fault;
  mended: Mended[];
}

/**
 * Takes one fault out of a project again, or all of them, the youngest first.
 * @throws UserError `FAULT_NOT_ACTIVE`; as `undo`
 */
export async function fixProject(open: Open, name: string | undefined, io: Io): Promise<Fixed[]> {
  const { project } = open;
  if (name !== undefined) faultNamed(project.plan, name);
  return onLab(open, async (lab) => {
    const active = await activeFaults(project.folder);
    const wanted = name === undefined ? active : active.filter(({ fault }) => fault === name);
    if (name !== undefined && wanted.length === 0) throw notActive(name, active);
    const fixed: Fixed[] = [];
    const stuck: UserError[] = [];
    for (const record of [...wanted].reverse()) {
      const fault = faultNamed(project.plan, record.fault);
      try {
        const mended = await undo(lab, fault, record, (service) => revive(open, service, io));
        await forget(project.folder, record.fault);
        fixed.push({ fault, mended });
      } catch (error) {
        // One that is stuck keeps no other from being put back.
        if (!(error instanceof UserError)) throw error;
        stuck.push(error);
      }
    }
    if (stuck.length > 0)
      throw failure(
        'FAULT_STUCK',
        stuck.flatMap(({ problems }) => problems),
      );
    return fixed;
  });
}

async function onLab<T>({ docker, project }: Open, work: (lab: RunningLab) => Promise<T>): Promise<T> {
  const lab = runningLab(docker, project.plan, project.folder);
  try {
    return await alone(project.folder, () => work(lab));
  } finally {
    lab.close();
  }
}

/** Makes a service's container again, and waits until all is well that can be. */
async function revive({ docker, project }: Open, service: string, { emit, signal }: Io): Promise<void> {
  emit({ type: 'note', text: `${service} is not there: starting it again` });
  await composeUp(composeProject(project), { signal, services: [service] });
  const one = {
    ...project,
    plan: { ...project.plan, services: project.plan.services.filter(({ name }) => name === service) },
  };
  await waitHealthy(docker, one, { emit: () => undefined, signal, deadlineMs: 60_000 });
}

function notActive(name: string, active: readonly ActiveFault[]): Error {
  const names = active.map(({ fault }) => fault);
  const nearest = nearestName(name, names);
  return inputError('FAULT_NOT_ACTIVE', {
    message: `${name} is not active`,
    ...(names.length === 0 ? { found: 'no fault is' } : { found: names.join(', ') }),
    ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }),
  });
}

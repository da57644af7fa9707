import { inputError, failure } from '../errors.ts';
import { servicesOf } from '../checks/services.ts';
import { nearestName } from '../lab/nearest-name.ts';
import type { ServiceKind } from '../lab/schema.ts';
import type { Plan } from '../plan/types.ts';
import { ownerOfThisProcess } from '../probe/owner.ts';
import { faults } from './all.ts';
import { Lacking } from './cast.ts';
import { overlap, type Change, type Fault } from './fault.ts';
import { undo } from './fix.ts';
import { readUntil } from './read-until.ts';
import { activeFaults, forget, keep, type ActiveFault, type ChangeRecord } from './record.ts';
import type { RunningLab } from './running-lab.ts';

/** The faults that a lab can have: those for which it has all that is broken. */
export function faultsFor(plan: Plan): Fault[] {
  const has = (kind: ServiceKind): boolean => servicesOf(plan, kind).length > 0;
  return faults.filter(
    (fault) => (fault.needs ?? []).every(has) && (fault.fits?.(plan) ?? true) && isCast(fault, plan),
  );
}

/** A replica, say, or a firewall that guards the databases: it shows where the fault names what it changes. */
function isCast(fault: Fault, plan: Plan): boolean {
  try {
    return fault.changes(plan).length > 0;
  } catch (error) {
    if (error instanceof Lacking) return false;
    throw error;
  }
}

/** @throws UserError `FAULT_UNKNOWN` with the nearest name */
export function faultNamed(plan: Plan, name: string): Fault {
  const known = faultsFor(plan);
  const fault = known.find((one) => one.name === name);
  if (fault !== undefined) return fault;
  const nearest = nearestName(
    name,
    known.map((one) => one.name),
  );
  const other = faults.some((one) => one.name === name);
  throw inputError('FAULT_UNKNOWN', {
    message: other ? `this lab lacks what the fault "${name}" breaks` : `there is no fault "${name}"`,
    fix: nearest === undefined ? '`lab list faults` shows them all' : `did you mean "${nearest}"?`,
  });
}

/**
 * Breaks a running lab.
 * @throws UserError `FAULT_ACTIVE`, `FAULT_TOUCHES` when another one touches the same thing. What fails half-way is undone.
 */
export async function breakLab(lab: RunningLab, fault: Fault, by: ActiveFault['by']): Promise<ActiveFault> {
  const changes = fault.changes(lab.plan);
  await refuseOverlap(lab, fault, changes);
  const record: ActiveFault = {
    fault: fault.name,
    brokenAt: new Date().toISOString(),
    by,
    owner: ownerOfThisProcess(),
    changes: [],
  };
  for (const change of changes)
    record.changes.push({ touches: change.touches, before: await change.read(lab), after: null });
  // First of all what was there is kept: whatever ends this process, it can be put back.
  await keep(lab.folder, record);
  try {
    for (const [index, change] of changes.entries()) await change.apply(lab, record.changes[index]?.before ?? '');
    // Only now, as one change may show in what another touches.
    for (const [index, change] of changes.entries()) await readAfter(lab, fault, change, record.changes[index]);
  } catch (error) {
    await undo(lab, fault, record).then(
      () => forget(lab.folder, fault.name),
      () => undefined,
    );
    throw error;
  }
  await keep(lab.folder, record);
  return record;
}

/** @throws UserError `FAULT_VOID` when all is as it was */
async function readAfter(lab: RunningLab, fault: Fault, change: Change, kept: ChangeRecord | undefined): Promise<void> {
  if (kept === undefined) return;
  const after = await readUntil(lab, change, (now) => now !== kept.before);
  if (after === kept.before)
    throw failure('FAULT_VOID', {
      message: `${fault.name} changes nothing of ${change.touches}`,
      found: 'it is so already',
    });
  kept.after = after;
}

async function refuseOverlap(lab: RunningLab, fault: Fault, changes: readonly Change[]): Promise<void> {
  const active = await activeFaults(lab.folder);
  if (active.some((one) => one.fault === fault.name)) {
    throw inputError('FAULT_ACTIVE', { message: `${fault.name} is active already`, fix: '`lab fix` undoes it' });
  }
  for (const other of active) {
    const thing = other.changes.find(({ touches }) =>
      changes.some((change) => overlap(touches, change.touches)),
    )?.touches;
    if (thing === undefined) continue;
    throw inputError('FAULT_TOUCHES', {
      message: `${fault.name} and ${other.fault}, which is active, both touch ${thing}`,
      found: `neither could be undone without the other`,
      fix: `\`lab fix ${other.fault}\` first`,
    });
  }
}

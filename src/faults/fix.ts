import { diffLines } from 'diff';
import { failure } from '../errors.ts';
import { serviceOf, type Change, type Fault } from './fault.ts';
import { readUntil } from './read-until.ts';
import type { ActiveFault, ChangeRecord } from './record.ts';
import type { RunningLab } from './running-lab.ts';

/** What was found of one thing that a fault had changed, and put back. */
export interface Mended {
  touches: string;
  /**
   * `as-broken`: just as the fault left it. `repaired`: as it was before the fault. `changed`: something else again, by
   * somebody's hand. `gone`: its container was not there any more.
   */
  found: 'as-broken' | 'repaired' | 'changed' | 'gone';
  /** Lines that somebody had added or taken away since the fault, in the manner of diff. */
  difference: string[];
}

/** Starts what is missing of a service; `undefined` where the engine has its container. */
export type Revive = (service: string) => Promise<void>;

/**
 * Puts back what a fault changed, whatever was done to it meanwhile.
 * @param revive makes a service's container again that somebody has deleted or stopped
 * @throws UserError `FAULT_STUCK` when something is not as it was afterwards
 */
export async function undo(lab: RunningLab, fault: Fault, record: ActiveFault, revive?: Revive): Promise<Mended[]> {
  const changes = new Map(fault.changes(lab.plan).map((change) => [change.touches, change]));
  const mended: Mended[] = [];
  for (const kept of [...record.changes].reverse()) {
    const change = changes.get(kept.touches);
    if (change === undefined)
      throw failure('FAULT_STUCK', {
        message: `this version of lab does not know how to put ${kept.touches} back`,
        fix: '`lab down --all` and `lab up` make the project anew',
      });
    mended.push(await putBack(lab, change, kept, revive));
  }
  return mended;
}

async function putBack(
  lab: RunningLab,
  change: Change,
  kept: ChangeRecord,
  revive: Revive | undefined,
): Promise<Mended> {
  const gone = await isGone(lab, change);
  if (gone) await revive?.(serviceOf(change));
  const now = await change.read(lab);
  const found = gone
    ? 'gone'
    : now === kept.before
      ? 'repaired'
      : kept.after === null || now === kept.after
        ? 'as-broken'
        : 'changed';
  if (found !== 'repaired' || change.restoreAlways === true) await change.restore(lab, kept.before);
  const then = await readUntil(lab, change, (state) => state === kept.before);
  if (then !== kept.before) {
    throw failure('FAULT_STUCK', {
      message: `${change.touches} could not be put back to what it was`,
      expected: shortened(differenceOf(then, kept.before).filter((line) => line.startsWith('+'))),
      found: shortened(differenceOf(then, kept.before).filter((line) => line.startsWith('-'))),
      fix: '`lab fix` tries again; `lab down --all` and `lab up` make the project anew',
    });
  }
  return { touches: change.touches, found, difference: found === 'changed' ? differenceOf(kept.after ?? '', now) : [] };
}

/** Somebody has deleted the container, or stopped it where that is not what the fault did. */
async function isGone(lab: RunningLab, change: Change): Promise<boolean> {
  const container = await lab.container(serviceOf(change)).catch(() => undefined);
  if (container === undefined) return true;
  return change.ownsContainer !== true && !(await container.inspect()).State.Running;
}

/** Lines that are gone (-) and lines that are new (+), in the order of the text. */
export function differenceOf(before: string, after: string): string[] {
  return diffLines(before, after).flatMap(({ value, added, removed }) =>
    added || removed
      ? value
          .trimEnd()
          .split('\n')
          .map((line) => `${added ? '+' : '-'}${line}`)
      : [],
  );
}

function shortened(lines: readonly string[]): string {
  return lines.slice(0, 5).join('\n').slice(0, 600);
}

import type { Emit } from '../events.ts';
import { failure } from '../errors.ts';
import { activeFaults, type ActiveFault } from '../faults/record.ts';
import { ownerIsGone } from '../probe/owner.ts';
import type { ProjectFolder } from '../project/folder.ts';
import { fixProject } from './broken.ts';
import type { Open } from './running.ts';

/** Faults of a drill or a demo that was cut off: nobody is there any more to take them out. */
export async function leftOver(folder: ProjectFolder): Promise<ActiveFault[]> {
  const active = await activeFaults(folder);
  return active.filter(({ by, owner }) => (by === 'drill' || by === 'demo') && ownerIsGone(owner));
}

/** Says so where a lab is looked at, as what is seen may follow from it. */
export async function warnOfLeftOver(folder: ProjectFolder, emit: Emit): Promise<void> {
  const left = await leftOver(folder).catch(() => []);
  if (left.length === 0) return;
  const names = left.map(({ fault }) => fault).join(', ');
  emit({
    type: 'warning',
    text: `a drill was interrupted and has left ${names} in this lab: \`lab fix\` puts it back`,
  });
}

interface Io {
  emit: Emit;
  signal: AbortSignal;
  ask(question: { why: string; steps: readonly string[]; unanswered: 1 }): Promise<boolean>;
}

/** Offers to take out what a drill has left. @throws UserError `DRILL_LEFT` when that is declined */
export async function mendLeftOver(open: Open, io: Io): Promise<void> {
  const left = await leftOver(open.project.folder);
  if (left.length === 0) return;
  const names = left.map(({ fault }) => fault);
  const why = `A drill was interrupted and has left ${names.join(', ')} in this lab.`;
  if (!(await io.ask({ why, steps: names.map((name) => `take out ${name} (lab fix ${name})`), unanswered: 1 }))) {
    throw failure('DRILL_LEFT', { message: `${names.join(', ')} is still active`, fix: '`lab fix` puts it back' });
  }
  for (const name of names.reverse()) await fixProject(open, name, io);
}

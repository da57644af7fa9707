import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import * as z from 'zod';
import { failure } from '../errors.ts';
import { ownerIsGone, ownerOfThisProcess } from '../probe/owner.ts';
import type { ProjectFolder } from '../project/folder.ts';

const changeSchema = z.object({
  touches: z.string(),
  before: z.string(),
  /** How the fault left it; null when the breaking was cut off. */
  after: z.string().nullable(),
});

const activeSchema = z.object({
  fault: z.string(),
  /** ISO 8601. */
  brokenAt: z.string(),
  by: z.enum(['person', 'drill', 'practice', 'demo']),
  /** The process that broke it (`ownerOfThisProcess`). */
  owner: z.string(),
  changes: z.array(changeSchema),
});

const recordSchema = z.object({ version: z.literal(1), active: z.array(activeSchema) });

/** What one change of a fault found, and what it left. */
export type ChangeRecord = z.infer<typeof changeSchema>;
/** A fault that a project has in it. */
export type ActiveFault = z.infer<typeof activeSchema>;

/** The faults that a project has in it, the oldest first. */
export async function activeFaults(folder: ProjectFolder): Promise<ActiveFault[]> {
  const text = await readFile(folder.faults, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return [];
  const read = recordSchema.safeParse(parsed(text));
  if (read.success) return read.data.active;
  throw failure('FAULTS_INVALID', {
    message: 'the record of what is broken on purpose cannot be read',
    where: { file: folder.faults },
    fix: '`lab down --all` and `lab up` make the project anew',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Keeps one fault as it is now, in the place of what was kept of it before. */
export async function keep(folder: ProjectFolder, fault: ActiveFault): Promise<void> {
  const others = (await activeFaults(folder)).filter((one) => one.fault !== fault.fault);
  await write(folder, [...others, fault]);
}

export async function forget(folder: ProjectFolder, name: string): Promise<void> {
  await write(
    folder,
    (await activeFaults(folder)).filter(({ fault }) => fault !== name),
  );
}

/** It holds what was there before, keys too: only its owner reads it. */
async function write(folder: ProjectFolder, active: readonly ActiveFault[]): Promise<void> {
  if (active.length === 0) return rm(folder.faults, { force: true });
  const fresh = `${folder.faults}.new`;
  await writeFile(fresh, `${JSON.stringify({ version: 1, active }, null, 2)}\n`, { mode: 0o600 });
  await rename(fresh, folder.faults);
}

/** Does something while no other process breaks or mends this project. @throws UserError `FAULTS_BUSY` */
export async function alone<T>(folder: ProjectFolder, work: () => Promise<T>): Promise<T> {
  const place = `${folder.faults}.busy`;
  const own = ownerOfThisProcess();
  for (;;) {
    const taken = await writeFile(place, own, { flag: 'wx' }).then(
      () => undefined,
      async (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        return readFile(place, 'utf8').catch(() => '');
      },
    );
    if (taken === undefined) break;
    if (taken !== '' && !ownerIsGone(taken)) {
      throw failure('FAULTS_BUSY', {
        message: 'another `lab` breaks or mends this project just now',
        found: `process ${taken.split('/')[1] ?? ''}`,
        fix: 'wait for it to end',
      });
    }
    await rm(place, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(place, { force: true });
  }
}

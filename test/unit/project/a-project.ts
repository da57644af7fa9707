import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { onTestFinished } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import type { Lab } from '../../../src/lab/schema.ts';
import type { Plan, Settings } from '../../../src/plan/types.ts';
import type { Emitted } from '../../../src/project/emit.ts';
import { emitProject } from '../../../src/project/emit.ts';
import type { ProjectFolder } from '../../../src/project/folder.ts';
import { folderAt } from '../../../src/project/folder.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

export const now = new Date('2026-03-01T12:00:00Z');

export function daysLater(days: number): Date {
  return new Date(now.getTime() + days * 86_400_000);
}

/** A folder for one test, removed after it. The project's own folder in it is not made yet. */
export async function emptyFolder(): Promise<ProjectFolder> {
  const home = await mkdtemp(join(tmpdir(), 'lab-project-test-'));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  return folderAt(join(home, 'demo'));
}

export function planOf(changes: Partial<Lab> = {}, settings: Partial<Settings> = {}): Plan {
  return makePlan({ ...referenceLab, ...changes }, settingsWith(settings));
}

export async function emit(folder: ProjectFolder, plan: Plan = planOf(), at: Date = now): Promise<Emitted> {
  return emitProject(plan, folder, at);
}

/** Every file below a folder by its relative path. */
export async function filesIn(root: string): Promise<Map<string, string>> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
  return new Map(
    await Promise.all(
      files.sort().map(async (path): Promise<[string, string]> => [path, await readFile(join(root, path), 'utf8')]),
    ),
  );
}

export function isSecret(path: string): boolean {
  return path.startsWith('secrets/') || path.startsWith('pki/');
}

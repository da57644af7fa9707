import { readFile, readdir } from 'node:fs/promises';
import { inputError } from '../errors.ts';
import { installation } from '../installation.ts';
import { nearestName } from '../lab/nearest-name.ts';
import type { Plan } from '../plan/types.ts';
import type { ComposeProject } from '../engine/compose.ts';
import type { ProjectFolder } from '../project/folder.ts';
import { isProject, projectFolder } from '../project/folder.ts';
import type { Lock } from '../project/lock.ts';
import { readLock } from '../project/lock.ts';

/** A project on disk. */
export interface Project {
  name: string;
  folder: ProjectFolder;
  lock: Lock;
  plan: Plan;
}

/** The projects that are on disk, running or not. */
export async function projectNames(): Promise<string[]> {
  const entries = await readdir(installation.home, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory() && isProject(projectFolder(entry.name)))
    .map(({ name }) => name)
    .sort();
}

/**
 * Opens a project by its name; without one, the only one there is.
 * @throws UserError `PROJECT_UNKNOWN`, `PROJECT_AMBIGUOUS`
 */
export async function openProject(wanted: string | undefined): Promise<Project> {
  const names = await projectNames();
  const name = wanted ?? (names.length === 1 ? names[0] : undefined);
  if (name === undefined) throw undecided(names);
  if (!names.includes(name)) throw unknown(name, names);
  const folder = projectFolder(name);
  const [lock, plan] = await Promise.all([readLock(folder), readFile(folder.plan, 'utf8')]);
  if (lock === undefined) throw unknown(name, names);
  return { name, folder, lock, plan: JSON.parse(plan) as Plan };
}

/** The project as `docker compose` is told about it. */
export function composeProject({ name, folder }: Pick<Project, 'name' | 'folder'>): ComposeProject {
  return { project: name, directory: folder.root, file: folder.compose };
}

/**
 * Compose's own rule for project names, and short enough for the names made from it.
 * @throws UserError `PROJECT_NAME`
 */
export function checkProjectName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]{0,39}$/.test(name)) return name;
  throw inputError('PROJECT_NAME', {
    message: `"${name}" cannot be the name of a project`,
    expected: 'at most 40 lower-case letters, digits, hyphens and underscores, starting with a letter or digit',
  });
}

function undecided(names: readonly string[]): Error {
  if (names.length === 0)
    return inputError('PROJECT_UNKNOWN', { message: 'there is no project yet', fix: 'start one with `lab up`' });
  return inputError('PROJECT_AMBIGUOUS', {
    message: 'there is more than one project',
    expected: `--project with one of: ${names.join(', ')}`,
  });
}

function unknown(name: string, names: readonly string[]): Error {
  const nearest = nearestName(name, names);
  return inputError('PROJECT_UNKNOWN', {
    message: `there is no project "${name}"`,
    ...(names.length === 0 ? {} : { expected: names.join(', ') }),
    fix: nearest === undefined ? 'start one with `lab up`' : `did you mean "${nearest}"?`,
  });
}

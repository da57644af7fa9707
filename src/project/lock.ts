import { readFile } from 'node:fs/promises';
import { inputError } from '../errors.ts';
import type { Plan, Settings } from '../plan/types.ts';
import type { ProjectFolder } from './folder.ts';
import type { ProjectFile } from './write.ts';
import { sha256 } from './write.ts';

/** `lab.lock.json`: what was decided for this project, and every file that was written. */
export interface Lock {
  version: 1;
  lab: string;
  project: string;
  settings: Pick<Settings, 'block' | 'ports' | 'certificates' | 'seed' | 'grafana'>;
  /** SHA-256 by path; null for keys and secrets. */
  files: Record<string, string | null>;
}

export function lockOf(plan: Plan, files: readonly ProjectFile[]): Lock {
  const { block, ports, certificates, seed, grafana } = plan.settings;
  const secret = (file: ProjectFile): boolean => file.secretOf !== undefined || file.path.startsWith('pki/');
  return {
    version: 1,
    lab: plan.lab.name,
    project: plan.settings.project,
    settings: { block, ports, certificates, seed, grafana },
    files: Object.fromEntries(
      [...files]
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .map((file) => [file.path, secret(file) ? null : sha256(file.content)]),
    ),
  };
}

/**
 * The lock of a project, undefined where there is none yet.
 * @throws UserError `LOCK_INVALID` when the file is there but is not a lock
 */
export async function readLock(folder: ProjectFolder): Promise<Lock | undefined> {
  const text = await readFile(folder.lock, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const lock = parse(text);
  if (lock?.version === 1 && typeof lock.files === 'object' && typeof lock.settings === 'object') return lock;
  throw inputError('LOCK_INVALID', {
    message: 'the project’s lock file is not one that this version of lab wrote',
    where: { file: folder.lock },
    fix: 'run `lab down --all` for the project, then `lab up`',
  });
}

function parse(text: string): Lock | undefined {
  try {
    return JSON.parse(text) as Lock;
  } catch {
    return undefined;
  }
}

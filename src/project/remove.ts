import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import type { ProjectFolder } from './folder.ts';
import { readLock } from './lock.ts';
import { removeFile } from './write.ts';

/** Everything that a project's folder can hold of ours, for when its lock cannot be read any more. */
const ours = ['compose.yml', 'compose.base.yml', 'plan.json', 'config', 'pki', 'secrets'];

/**
 * Removes what the lock names, the lock itself and the folders left empty.
 * @returns whether the folder is gone; files of other origin keep it
 */
export async function removeFiles(folder: ProjectFolder): Promise<boolean> {
  const lock = await readLock(folder).catch((error: unknown) => {
    if (error instanceof UserError) return undefined;
    throw error;
  });
  for (const path of Object.keys(lock?.files ?? {})) removeFile(folder.root, path);
  if (lock === undefined) for (const path of ours) await rm(join(folder.root, path), { recursive: true, force: true });
  for (const path of ['faults.json', 'practice.json', 'lab.lock.json']) removeFile(folder.root, path);
  return !existsSync(folder.root);
}

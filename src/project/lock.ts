import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import * as z from 'zod';
import type { UserError } from '../errors.ts';
import { inputError } from '../errors.ts';
import type { Plan, Settings } from '../plan/types.ts';
import type { ProjectFolder } from './folder.ts';
import type { ProjectFile } from './write.ts';
import { isBelow, sha256 } from './write.ts';

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

const lockSchema = z.object({
  version: z.literal(1),
  lab: z.string(),
  project: z.string(),
  settings: z.object({
    block: z.string().regex(/^(\d{1,3}\.){3}0\/24$/),
    ports: z.record(z.string(), z.int().min(1).max(65535)),
    certificates: z.enum(['lab-ca', 'mkcert', 'self-signed']),
    seed: z.number(),
    grafana: z.boolean(),
  }),
  files: z.record(z.string(), z.string().nullable()),
});

/**
 * The lock of a project, undefined where there is none yet.
 * @throws UserError `LOCK_INVALID` when the file is there but is not a lock, or names files outside the project
 */
export async function readLock(folder: ProjectFolder): Promise<Lock | undefined> {
  const text = await readFile(folder.lock, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const lock = parse(text);
  if (lock === undefined) throw invalid(folder, 'the project’s lock file is not one that this version of lab wrote');
  const outside = Object.keys(lock.files).find((path) => !isBelow(folder.root, path));
  if (outside !== undefined) throw invalid(folder, 'the project’s lock file names a file outside the project', outside);
  return lock;
}

function invalid(folder: ProjectFolder, message: string, found?: string): UserError {
  const project = basename(folder.root);
  return inputError('LOCK_INVALID', {
    message,
    ...(found === undefined ? {} : { found }),
    where: { file: folder.lock },
    fix: `\`lab down --all --project ${project}\` removes the project; a folder that \`lab generate\` made can be deleted`,
  });
}

function parse(text: string): Lock | undefined {
  try {
    return lockSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

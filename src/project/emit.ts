import { readFile } from 'node:fs/promises';
import { installation } from '../installation.ts';
import type { Plan } from '../plan/types.ts';
import { certificateFiles } from './certificates.ts';
import { composeFile, composeService } from './compose.ts';
import type { ProjectFolder } from './folder.ts';
import type { Lock } from './lock.ts';
import { lockOf, readLock } from './lock.ts';
import { render } from './render.ts';
import { passwordFiles } from './secrets.ts';
import type { ProjectFile, WriteResult } from './write.ts';
import { writeFiles } from './write.ts';

export interface Emitted extends WriteResult {
  lock: Lock;
  /** By service: the digest that its container carries once it runs as emitted. */
  digests: Map<string, string>;
}

/** Plan to files on disk: everything is made in memory first, then written once. */
export async function emitProject(plan: Plan, folder: ProjectFolder, now: Date): Promise<Emitted> {
  const before = await readLock(folder);
  const config = await Promise.all(
    plan.files.map(async (file) => ({ path: `config/${file.path}`, content: await render(file) })),
  );
  const services = plan.services.map((service) => ({
    name: service.name,
    ...composeService(plan, service, configOf(config, service.name)),
  }));
  const files: ProjectFile[] = [
    { path: 'compose.base.yml', content: await readFile(installation.baseCompose, 'utf8') },
    {
      path: 'compose.yml',
      content: composeFile(plan, Object.fromEntries(services.map(({ name, definition }) => [name, definition]))),
    },
    { path: 'plan.json', content: `${JSON.stringify(plan, null, 1)}\n` },
    ...config,
    ...(await certificateFiles(plan, folder, now)),
    ...(await passwordFiles(plan, folder)),
  ];
  const lock = lockOf(plan, files);
  const written = writeFiles(folder.root, files, lock, before);
  return { ...written, lock, digests: new Map(services.map(({ name, digest }) => [name, digest])) };
}

function configOf(files: readonly ProjectFile[], service: string): string {
  const own = files.filter(({ path }) => path.startsWith(`config/${service}/`));
  return own.map(({ path, content }) => `${path}\n${content}`).join('\n');
}

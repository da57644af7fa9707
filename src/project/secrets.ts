import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Plan } from '../plan/types.ts';
import type { ProjectFolder } from './folder.ts';
import type { ProjectFile } from './write.ts';

/** The passwords of a project: those that are there stay, the others are made (192 random bits each). */
export async function passwordFiles(plan: Plan, folder: ProjectFolder): Promise<ProjectFile[]> {
  const files = await Promise.all(
    plan.secrets.map(async ({ name, readers }) => {
      const kept = await Promise.all(
        readers.map((service) => readFile(folder.secret(service, name), 'utf8').catch(() => '')),
      );
      const value = kept.find((text) => text.length > 0) ?? randomBytes(24).toString('base64url');
      return readers.map((service) => ({
        path: `secrets/${service}/${name}`,
        content: value,
        secretOf: uidOf(plan, service),
      }));
    }),
  );
  return files.flat();
}

/** The user that reads a service's secrets. */
export function uidOf(plan: Plan, service: string): number {
  const found = plan.services.find(({ name }) => name === service);
  if (found === undefined) throw new RangeError(`no service ${service}`);
  return found.uid;
}

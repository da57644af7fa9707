import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ProjectFolder } from '../project/folder.ts';

const schema = z.object({
  version: z.literal(1),
  fault: z.string(),
  /** ISO 8601. */
  startedAt: z.string(),
  /** How many hints were given, and how often the person had the lab checked. */
  hints: z.int().min(0),
  checks: z.int().min(0),
});

/** A riddle under way. It stays when the person leaves, and when the lab is restarted. */
export type Practice = z.infer<typeof schema>;

const place = (folder: ProjectFolder): string => join(folder.root, 'practice.json');

/** The riddle under way in a project, if there is one that can be read. */
export async function readPractice(folder: ProjectFolder): Promise<Practice | undefined> {
  const text = await readFile(place(folder), 'utf8').catch(() => '');
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

export async function keepPractice(folder: ProjectFolder, practice: Practice): Promise<void> {
  await writeFile(place(folder), `${JSON.stringify(practice, null, 2)}\n`);
}

export async function forgetPractice(folder: ProjectFolder): Promise<void> {
  await rm(place(folder), { force: true });
}

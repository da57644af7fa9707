import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LabUnderTest } from './types.ts';

const before = new Map<string, string>();

/** Changes a file below a service's /etc/lab where it really lies: in the project, on this machine. @throws when nothing changes */
export async function changeMounted(
  lab: LabUnderTest,
  service: string,
  file: string,
  change: (text: string) => string,
): Promise<void> {
  const path = await pathOf(lab, service, file);
  const text = await readFile(path, 'utf8');
  const changed = change(text);
  if (changed === text) throw new Error(`the edit changes nothing in ${path}`);
  before.set(path, text);
  await writeFile(path, changed);
}

/** Puts back what `changeMounted` changed, if it did. */
export async function restoreMounted(lab: LabUnderTest, service: string, file: string): Promise<void> {
  const path = await pathOf(lab, service, file);
  const text = before.get(path);
  if (text !== undefined) await writeFile(path, text);
}

async function pathOf(lab: LabUnderTest, service: string, file: string): Promise<string> {
  const { Mounts } = await (await lab.container(service)).inspect();
  const mount = Mounts.find(({ Destination }) => Destination === '/etc/lab');
  if (mount === undefined) throw new Error(`${service} has nothing mounted at /etc/lab`);
  return join(mount.Source, file);
}

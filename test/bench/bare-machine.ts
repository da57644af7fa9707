import { docker, home, lab, project } from './lab.ts';
import type { Row } from './row.ts';
import { row, seconds } from './row.ts';
import { rm } from 'node:fs/promises';

/**
 * `--bare`: from a machine without our images to a verified lab, and without an engine where there is none.
 * Removes every image of lab's and the engine's build cache, so it is for machines that serve nothing else.
 */
export async function bareMachine(say: (text: string) => void): Promise<Row[]> {
  say('bare machine');
  const images = await docker('images', '--quiet', '--filter', 'reference=lab/*').catch(() => '');
  if (images !== '') await docker('image', 'rm', '--force', ...new Set(images.split('\n')));
  await docker('builder', 'prune', '--all', '--force').catch(() => '');
  const minutes = (await seconds(() => lab('up', '--yes', '--project', project))) / 60;
  await lab('down', '--all', '--project', project);
  await rm(home, { recursive: true, force: true });
  return [row('bare machine to verified lab', 'min', 6, [minutes])];
}

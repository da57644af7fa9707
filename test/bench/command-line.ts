import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { home, lab } from './lab.ts';
import type { Row } from './row.ts';
import { repeated, row, seconds } from './row.ts';

/** What the command line itself costs. */
export async function commandLine(rounds: number, say: (text: string) => void): Promise<Row[]> {
  say('command line');
  const out = join(home, 'generated');
  await lab('--version');
  const help = await repeated(rounds * 3, () => seconds(() => lab('--help')));
  const generate = await repeated(rounds * 3, async () => {
    await rm(out, { recursive: true, force: true });
    return seconds(() => lab('generate', '--out', out));
  });
  await rm(out, { recursive: true, force: true });
  return [row('lab --help', 's', 0.15, help), row('lab generate', 's', 0.4, generate)];
}

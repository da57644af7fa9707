import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

/** This file runs from `test/bench/`, or bundled from `dist/`. */
const here = dirname(fileURLToPath(import.meta.url));
export const root = here.endsWith('dist') ? dirname(here) : join(here, '..', '..');
export const project = 'lab-bench';
export const home = join(root, '.lab', '.bench');
export const folder = join(home, project);

/** Runs `lab`; exit codes other than 0 and 1 (a check that failed) end the bench. */
export async function lab(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await execa(join(root, 'lab'), args, {
    cwd: root,
    env: { LAB_HOME: home },
    reject: false,
    stdin: 'ignore',
  });
  if (exitCode === 0) return stdout;
  throw new Error(`lab ${args.join(' ')} ended with ${exitCode}:\n${stdout}\n${stderr}`);
}

export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await execa('docker', args, { stdin: 'ignore' });
  return stdout;
}

/** The id of a service's container. */
export async function container(service: string): Promise<string> {
  const labels = [`project=${project}`, `service=${service}`].flatMap((label) => [
    '--filter',
    `label=com.docker.compose.${label}`,
  ]);
  return (await docker('ps', '-a', '-q', ...labels)).trim();
}

/** The project by Compose alone. */
export async function composeUp(): Promise<void> {
  await docker('compose', '-p', project, '-f', join(folder, 'compose.yml'), 'up', '-d', '--wait');
}

/** Volumes too: every arm starts from empty ones. */
export async function composeDown(): Promise<void> {
  await docker('compose', '-p', project, '-f', join(folder, 'compose.yml'), 'down', '--volumes');
}

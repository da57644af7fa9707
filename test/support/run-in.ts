import type Docker from 'dockerode';
import { Shell, type CommandOptions, type CommandResult } from '../../src/engine/shell.ts';

/** Runs one command in a container, in a shell of its own. @throws as `Shell.run` */
export async function runIn(
  container: Docker.Container,
  argv: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  const shell = await Shell.open(container);
  try {
    return await shell.run(argv, options);
  } finally {
    shell.close();
  }
}

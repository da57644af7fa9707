import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { machineError } from '../errors.ts';

/**
 * Runs a program with this one's terminal, and gives it every signal that the terminal sends.
 * @param plain what it writes to standard output comes without colours and other control sequences, for programs to read
 * @returns its exit code; 128 + the signal's number where one ended it
 * @throws UserError PROGRAM_MISSING
 */
export async function passThrough(
  program: string,
  argv: readonly string[],
  { folder, env, plain = false }: { folder?: string; env?: Record<string, string>; plain?: boolean } = {},
): Promise<number> {
  // The terminal sends Ctrl-C to both; what to do about it is the program's to decide.
  const ignore = (): void => undefined;
  process.on('SIGINT', ignore);
  try {
    const child = spawn(program, [...argv], {
      stdio: ['inherit', plain ? 'pipe' : 'inherit', 'inherit'],
      cwd: folder,
      env: { ...process.env, ...env },
    });
    const written = child.stdout === null ? Promise.resolve() : plainly(child.stdout);
    const forward = (): void => void child.kill('SIGTERM');
    process.once('SIGTERM', forward);
    const exit = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
    await written;
    return exit;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw machineError(
      'PROGRAM_MISSING',
      { message: `${program} is not installed`, fix: '`lab doctor` tells what this machine needs' },
      error,
    );
  } finally {
    process.removeListener('SIGINT', ignore);
  }
}

async function plainly(output: Readable): Promise<void> {
  for await (const line of createInterface({ input: output }))
    process.stdout.write(`${stripVTControlCharacters(line)}\n`);
}

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a user's PATH often does not lead, yet administrators' programs lie. */
const more = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** Path of a program, looked for in PATH and in the sbin folders. */
export async function findProgram(name: string): Promise<string | undefined> {
  for (const folder of [...(process.env['PATH'] ?? '').split(':').filter(Boolean), ...more]) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}

/** Whether a program can be run here. */
export async function programExists(name: string): Promise<boolean> {
  return (await findProgram(name)) !== undefined;
}

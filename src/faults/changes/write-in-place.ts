import { chmod, stat, writeFile } from 'node:fs/promises';

/** Writes into a file that is there: a container that has the file itself mounted would never see another in its place. */
export async function writeInPlace(place: string, content: string): Promise<void> {
  const { mode } = await stat(place);
  const writable = (mode & 0o200) !== 0;
  if (!writable) await chmod(place, (mode & 0o777) | 0o200);
  try {
    await writeFile(place, content);
  } finally {
    if (!writable) await chmod(place, mode & 0o777);
  }
}

import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import type { BundleFile } from './gradescope.ts';

/** One time for all entries (zip cannot say an earlier one), so that the same files make the same archive. */
const epoch = new Date(1980, 0, 1);

/** A zip archive of these files, with their permissions. */
export async function zipOf(files: readonly BundleFile[]): Promise<Buffer> {
  const zip = new ZipFile();
  for (const { path, content, mode } of files)
    zip.addBuffer(content, path, { mtime: epoch, mode: 0o100000 | mode, forceDosTimestamp: true });
  zip.end();
  return buffer(zip.outputStream);
}

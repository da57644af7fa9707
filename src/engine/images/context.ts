import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A file of a build context. Only what a checkout keeps counts: no owner, no date, of the mode only the x bit. */
export interface ContextFile {
  /** Relative, with `/`. */
  path: string;
  executable: boolean;
  content: Buffer;
  /** `content` is then where it leads. */
  link?: boolean;
}

/** Made here or by an editor, so never an input. */
const ignored = /^(dist|node_modules|\.DS_Store)$|~$|\.swp$|\.test\.ts$/;

/** All files of a build context, in byte order of their paths. */
export async function readContext(directory: string): Promise<ContextFile[]> {
  return sorted(await walk(directory, ''));
}

/** Files outside any build context that a part's bundles take in, with paths from `root` that start with `/`. */
export async function readSources(root: string, sources: readonly string[]): Promise<ContextFile[]> {
  const files = await Promise.all(sources.map((source) => read(root, source)));
  return sorted(files.flat().map((file) => ({ ...file, path: `/${file.path}` })));
}

function sorted(files: ContextFile[]): ContextFile[] {
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

async function walk(directory: string, below: string): Promise<ContextFile[]> {
  const names = await readdir(join(directory, below));
  const found = await Promise.all(
    names
      .filter((name) => !ignored.test(name))
      .map((name) => read(directory, below === '' ? name : `${below}/${name}`)),
  );
  return found.flat();
}

async function read(directory: string, path: string): Promise<ContextFile[]> {
  const full = join(directory, path);
  const stat = await lstat(full);
  if (stat.isDirectory()) return walk(directory, path);
  if (stat.isSymbolicLink())
    return [{ path, executable: false, content: Buffer.from(await readlink(full)), link: true }];
  return [{ path, executable: (stat.mode & 0o100) !== 0, content: await readFile(full) }];
}

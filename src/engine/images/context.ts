import { lstatSync, readFileSync, readdirSync, readlinkSync } from 'node:fs';
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

/**
 * All files of a build context, in byte order of their paths. They are small: waiting for each would take longer than
 * reading it.
 */
export function readContext(directory: string): ContextFile[] {
  return sorted(walk(directory, ''));
}

/** The build context of a part: its own folder, and what it shares with others, below `shared/`. */
export function contextOf(root: string, name: string, shared: Readonly<Record<string, string>> = {}): ContextFile[] {
  const taken = Object.entries(shared).flatMap(([place, source]) =>
    read(root, source).map((file) => ({ ...file, path: `shared/${place}${file.path.slice(source.length)}` })),
  );
  return sorted([...readContext(join(root, 'images', name)), ...taken]);
}

/** Files outside any build context that a part's bundles take in, with paths from `root` that start with `/`. */
export function readSources(root: string, sources: readonly string[]): ContextFile[] {
  const files = sources.flatMap((source) => read(root, source));
  return sorted(files.map((file) => ({ ...file, path: `/${file.path}` })));
}

function sorted(files: ContextFile[]): ContextFile[] {
  return files.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
}

function walk(directory: string, below: string): ContextFile[] {
  return readdirSync(join(directory, below))
    .filter((name) => !ignored.test(name))
    .flatMap((name) => read(directory, below === '' ? name : `${below}/${name}`));
}

function read(directory: string, path: string): ContextFile[] {
  const full = join(directory, path);
  const stat = lstatSync(full);
  if (stat.isDirectory()) return walk(directory, path);
  if (stat.isSymbolicLink()) return [{ path, executable: false, content: Buffer.from(readlinkSync(full)), link: true }];
  return [{ path, executable: (stat.mode & 0o100) !== 0, content: readFileSync(full) }];
}

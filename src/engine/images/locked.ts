import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Part } from './parts.ts';

/** What a package-lock.json (version 3) says about one package. */
interface LockEntry {
  version?: string;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Lockfile {
  packages: Record<string, LockEntry>;
}

export function readLockfile(root: string): Lockfile {
  return JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lockfile;
}

/** What a part's bundles take in from node_modules, and the bundler. */
export function lockedFor(lockfile: Lockfile, { packages = [] }: Part): string[] {
  return lockedVersions(lockfile, ['esbuild', ...packages]);
}

/**
 * The locked versions of packages and of everything that they need, as sorted `path@version`.
 * @throws Error when a package of `names` is not in the lockfile
 */
export function lockedVersions(lockfile: Lockfile, names: readonly string[]): string[] {
  const seen = new Set<string>();
  const visit = (name: string, from: string): void => {
    const path = resolve(lockfile, name, from);
    if (path === undefined || seen.has(path)) return;
    seen.add(path);
    const { dependencies, optionalDependencies } = lockfile.packages[path] ?? {};
    for (const needed of Object.keys({ ...dependencies, ...optionalDependencies })) visit(needed, path);
  };
  for (const name of names) {
    if (!resolve(lockfile, name, '')) throw new Error(`${name} is not in package-lock.json`);
    visit(name, '');
  }
  return [...seen].map((path) => `${path}@${lockfile.packages[path]?.version ?? ''}`).sort();
}

/** Where Node.js finds `name` from the package at `from`: in its own node_modules, or in one further up. */
function resolve(lockfile: Lockfile, name: string, from: string): string | undefined {
  for (let folder = from; ;) {
    const path = `${folder === '' ? '' : `${folder}/`}node_modules/${name}`;
    if (lockfile.packages[path]) return path;
    if (folder === '') return undefined;
    folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')));
  }
}

import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { failure } from '../../errors.ts';
import type { ContextFile } from './context.ts';
import { lockedFor, readLockfile } from './locked.ts';
import type { Part } from './parts.ts';

/**
 * Bundles the programs of a part for Node.js 20, as files of its build context.
 * @throws UserError BUNDLE_FAILED with the place in the source; Error when a bundle takes in what its hash does not know
 */
export async function bundlePart(root: string, name: string, part: Part): Promise<ContextFile[]> {
  const { bundles = {} } = part;
  if (Object.keys(bundles).length === 0) return [];
  // Loaded late: a lab whose images are there never needs it.
  const { build } = await import('esbuild');
  const result = await build({
    absWorkingDir: root,
    entryPoints: Object.entries(bundles).map(([out, entry]) => ({
      in: join('images', name, entry),
      out: out.replace(/\.js$/, ''),
    })),
    outdir: 'dist',
    write: false,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    metafile: true,
    logLevel: 'silent',
  }).catch((error: unknown) => {
    throw failure(
      'BUNDLE_FAILED',
      { message: `The programs of image ${name} could not be bundled.`, found: String((error as Error).message) },
      error,
    );
  });
  const sources = [`images/${name}`, ...(part.sources ?? [])];
  const strays = strayInputs(result.metafile, sources, lockedFor(readLockfile(root), part));
  if (strays.length > 0) {
    throw new Error(
      `image ${name} bundles files that its hash does not cover: ${strays.join(', ')}; name them in parts.ts`,
    );
  }
  return result.outputFiles.map(({ path, contents }) => ({
    path: `dist/${path.split('/').at(-1) ?? ''}`,
    executable: false,
    content: Buffer.from(contents),
  }));
}

/**
 * Inputs that the hash of a part does not cover.
 * @param sources files and folders that it covers, from the repository's root
 * @param locked packages that it covers, as `node_modules/x@1.2.3`
 */
export function strayInputs(
  { inputs }: Pick<Metafile, 'inputs'>,
  sources: readonly string[],
  locked: readonly string[],
): string[] {
  const packages = locked.map((entry) => `${entry.slice(0, entry.lastIndexOf('@'))}/`);
  const isCovered = (path: string): boolean =>
    sources.some((source) => path === source || path.startsWith(`${source}/`)) ||
    packages.some((folder) => path.startsWith(folder) && !path.slice(folder.length).includes('node_modules/'));
  return Object.keys(inputs).filter((path) => !isCovered(path));
}

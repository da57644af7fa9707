import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** What `lab` needs of its own folder to grade: no tests, no documentation. */
const needed = [
  '.npmrc',
  'LICENSE',
  'build.js',
  'compose.base.yml',
  'images',
  'lab',
  'labs',
  'package-lock.json',
  'package.json',
  'src',
  'templates',
  'tsconfig.json',
];

/** A grader has no use for answers, and they are not to lie where submissions are. */
const left = /(^|\/)(node_modules|dist|exercises\/[^/]+\/(solution|variants))(\/|$)/;

/** Files of this installation that a grader elsewhere needs, as paths with `/`, sorted. Links are not followed. */
export async function sourceFiles(root: string): Promise<string[]> {
  const found = await Promise.all(needed.map((path) => below(root, path)));
  return found.flat().sort();
}

async function below(root: string, path: string): Promise<string[]> {
  if (left.test(path)) return [];
  const entries = await readdir(join(root, path), { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOTDIR') return 'file' as const;
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (entries === 'file') return [path];
  const paths = entries.filter((entry) => entry.isFile() || entry.isDirectory());
  const found = await Promise.all(
    paths.map((entry) => {
      const inside = `${path}/${entry.name}`;
      if (entry.isDirectory()) return below(root, inside);
      return Promise.resolve(left.test(inside) ? [] : [inside]);
    }),
  );
  return found.flat();
}

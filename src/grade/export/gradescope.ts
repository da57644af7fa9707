import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { gradescopeReadme } from './gradescope-readme.ts';
import { gradeOverSsh, runAutograder, setupSh } from './gradescope-scripts.ts';
import { sourceFiles } from './source-files.ts';

/** An exercise as an export names it. */
export interface Exported {
  name: string;
  title: string;
}

/** A file of a bundle. */
export interface BundleFile {
  /** Where it lies in the bundle, with `/`. */
  path: string;
  content: Buffer;
  /** Unix permissions. */
  mode: number;
}

/**
 * What Gradescope's autograder is made of: its two scripts at the top, this installation below `lab/`, and a list of
 * all that was copied with digests.
 * @param root the installation @param key the key that values are derived with
 */
export async function gradescopeBundle(root: string, exercise: Exported, key?: Buffer): Promise<BundleFile[]> {
  const paths = await sourceFiles(root);
  const copied = await Promise.all(
    paths.map(async (path) => {
      const place = join(root, path);
      const [content, { mode }] = await Promise.all([readFile(place), stat(place)]);
      return { path: `lab/${path}`, content, mode: (mode & 0o100) === 0 ? 0o644 : 0o755 };
    }),
  );
  const list = copied.map(({ path, content }) => `${createHash('sha256').update(content).digest('hex')}  ${path}\n`);
  return [
    text('setup.sh', setupSh(), 0o755),
    text('run_autograder', runAutograder(exercise), 0o755),
    text('grade-over-ssh', gradeOverSsh(exercise), 0o755),
    text('README.md', gradescopeReadme(exercise, key !== undefined), 0o644),
    text('copied.sha256', list.join(''), 0o644),
    ...(key === undefined ? [] : [{ path: 'grader.key', content: key, mode: 0o600 }]),
    ...copied,
  ];
}

function text(path: string, words: string, mode: number): BundleFile {
  return { path, content: Buffer.from(words), mode };
}

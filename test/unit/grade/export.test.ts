import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { fromBuffer } from 'yauzl';
import { classroomFiles } from '../../../src/grade/export/github-classroom.ts';
import { gradescopeBundle } from '../../../src/grade/export/gradescope.ts';
import { pinnedVersion, repositoryOf } from '../../../src/grade/export/pinned.ts';
import { zipOf } from '../../../src/grade/export/zip.ts';
import { installation } from '../../../src/installation.ts';

const exercise = { name: 'tls-termination', title: 'TLS ends at the balancer' };
const folder = mkdtempSync(join(tmpdir(), 'lab-export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const shellCheck = (script: string): void => {
  const file = join(folder, 'script');
  writeFileSync(file, script);
  execFileSync('bash', ['-n', file]);
};

test('Gradescope: both scripts at the top, all that grades below, no answers, and digests that agree', async () => {
  const files = await gradescopeBundle(installation.root, exercise);
  const byPath = new Map(files.map((file) => [file.path, file]));
  for (const path of ['setup.sh', 'run_autograder', 'grade-over-ssh']) {
    const file = byPath.get(path);
    expect(file?.mode).toBe(0o755);
    shellCheck(file?.content.toString() ?? '');
  }
  expect(byPath.get('lab/lab')?.mode).toBe(0o755);
  for (const path of [
    'lab/package-lock.json',
    'lab/src/cli/main.ts',
    'lab/labs/secured-monitored/lab.yml',
    'lab/build.js',
  ])
    expect(byPath.has(path)).toBe(true);
  const unwanted = files.filter(({ path }) =>
    /node_modules|\/dist\/|\/\.lab\/|\/\.git\/|exercises\/[^/]+\/(solution|variants)\//.test(path),
  );
  expect(unwanted).toEqual([]);
  expect(byPath.has('grader.key')).toBe(false);
  const list = byPath.get('copied.sha256')?.content.toString().trimEnd().split('\n') ?? [];
  expect(list).toHaveLength(files.filter(({ path }) => path.startsWith('lab/')).length);
  for (const line of list) {
    const [digest, path = ''] = line.split('  ');
    expect(
      createHash('sha256')
        .update(byPath.get(path)?.content ?? '')
        .digest('hex'),
    ).toBe(digest);
  }
});

test('Gradescope: a key is for its owner alone, and the README speaks of it only then', async () => {
  const files = await gradescopeBundle(installation.root, exercise, Buffer.from('k'));
  expect(files.find(({ path }) => path === 'grader.key')?.mode).toBe(0o600);
  const readme = files.find(({ path }) => path === 'README.md')?.content.toString() ?? '';
  expect(readme).toContain('grader.key');
  expect(readme).toContain('A Gradescope container has\nnone');
});

test('zip: the same files make the same archive, permissions and all', async () => {
  const files = [
    { path: 'run_autograder', content: Buffer.from('#!/bin/bash\n'), mode: 0o755 },
    { path: 'lab/ä.txt', content: Buffer.from('text'), mode: 0o644 },
  ];
  const zip = await zipOf(files);
  expect(zip.equals(await zipOf(files))).toBe(true);
  expect(await entries(zip)).toEqual([
    ['run_autograder', 0o100755],
    ['lab/ä.txt', 0o100644],
  ]);
});

test('GitHub: YAML that reads nothing of a name into a script, and pins all that it fetches', async () => {
  const pinned = { repository: 'school/lab', commit: 'c'.repeat(40) };
  const [file] = classroomFiles(exercise, pinned);
  const text = file?.content.toString() ?? '';
  interface Step {
    uses?: string;
    run?: string;
    with?: Record<string, string>;
  }
  const document = parse(text) as { permissions: object; jobs: { grade: { steps: Step[] } } };
  const { steps } = document.jobs.grade;
  expect(document.permissions).toEqual({ contents: 'read' });
  for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  for (const { run } of steps) {
    if (run === undefined) continue;
    expect(run).not.toContain('${{');
    shellCheck(run);
  }
  expect(steps.find((step) => step.with?.['repository'] !== undefined)?.with).toMatchObject({
    repository: pinned.repository,
    ref: pinned.commit,
  });
  expect(text.match(/uses: \S+ # v[0-9.]+$/gm)).toHaveLength(4);
});

test('the version that grades is a whole commit of a repository on GitHub', async () => {
  for (const remote of [
    'https://github.com/a/b.git',
    'git@github.com:a/b.git',
    'https://x:y@github.com/a/b',
    'ssh://git@github.com/a/b',
  ])
    expect(repositoryOf(remote)).toBe('a/b');
  for (const remote of [undefined, '/srv/git/b.git', 'https://example.com/a/b.git', 'https://github.com/a'])
    expect(repositoryOf(remote)).toBeUndefined();
  const commit = 'c'.repeat(40);
  await expect(pinnedVersion(folder, { repository: 'a/b', commit })).resolves.toEqual({ repository: 'a/b', commit });
  await expect(pinnedVersion(folder, { repository: 'a/b', commit: 'main' })).rejects.toMatchObject({
    code: 'EXPORT_VERSION',
  });
  await expect(pinnedVersion(folder, { commit })).rejects.toMatchObject({ code: 'EXPORT_REPOSITORY' });
  await expect(pinnedVersion(folder, { repository: 'a/b\n  ref: x', commit })).rejects.toMatchObject({
    code: 'EXPORT_REPOSITORY',
  });
});

function entries(zip: Buffer): Promise<[string, number][]> {
  return new Promise((resolve, reject) => {
    fromBuffer(zip, (error, file) => {
      if (error !== null || file === undefined) return reject(error ?? new Error('no archive'));
      const found: [string, number][] = [];
      file.on('entry', (entry) => found.push([entry.fileName, entry.externalFileAttributes >>> 16]));
      file.on('end', () => resolve(found));
    });
  });
}

import { spawn } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ClassResult } from '../../../src/grade/result.ts';
import { hostileNames, sameNames } from '../../hostile/names.ts';
import { Scene } from '../../hostile/scene.ts';
import { knownOf, writeTree } from '../../support/submissions.ts';

const exercise = 'tls-termination';
const file = 'balancer/haproxy.cfg';
let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(async () => {
  await scene.close();
});

async function graded(
  out: string,
  paths: readonly string[],
): Promise<{ results: ClassResult['results']; said: string }> {
  const run = await scene.lab.run('grade', ...paths, '-e', exercise, '--out', out, '--jobs', '2', '--json');
  expect([0, 1], run.stderr.slice(-4000)).toContain(run.exitCode);
  return { results: (JSON.parse(run.stdout) as ClassResult).results, said: run.stderr };
}

test('a hostile name is written down harmlessly, and nobody takes the place of another', async () => {
  const [into, out] = [join(scene.work, 'names'), join(scene.work, 'names-out')];
  const [solution] = await knownOf(exercise);
  // All but the first have nothing in them: they are refused, and are over at once.
  for (const name of Object.keys(hostileNames)) await mkdir(join(into, name), { recursive: true });
  for (const name of sameNames) await mkdir(join(into, name));
  await writeTree(join(into, sameNames[0] ?? ''), solution?.files ?? new Map());
  const names = [...Object.keys(hostileNames), ...sameNames];
  const { results, said } = await graded(
    out,
    names.map((name) => join(into, name)),
  );
  const ids = results.map(({ student }) => student);
  expect(ids.slice(0, -sameNames.length)).toEqual(Object.values(hostileNames));
  expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(names.length);
  const scores = results.map(({ summary }) => summary.percent);
  expect(scores).toEqual(names.map((name) => (name === sameNames[0] ? 100 : 0)));
  expect((await readdir(join(out, 'students'))).sort()).toEqual([...ids].sort());
  await scene.expectNothingSucceeded(out, said);
});

test('a file that is swapped for a link all the time is read as itself, or refused', async () => {
  const [into, out] = [join(scene.work, 'swapped'), join(scene.work, 'swapped-out')];
  const { secret } = scene.target;
  const students = Array.from({ length: 12 }, (_, index) => join(into, `swaps-${index}`));
  for (const student of students) {
    await mkdir(join(student, 'balancer'), { recursive: true });
    await writeFile(join(student, file), 'global\n');
  }
  const script = `cd "$0" || exit 1; while :; do for student in *; do
    ln -sfT "$1" "$student/link"; mv "$student/${file}" "$student/kept"; mv -T "$student/link" "$student/${file}"
    mv -T "$student/kept" "$student/${file}"; done; done`;
  const swapper = spawn('sh', ['-c', script, into, secret], { stdio: 'ignore', detached: true });
  try {
    const { results, said } = await graded(out, students);
    expect(results.filter(({ outcome }) => outcome !== 'graded' && outcome !== 'refused')).toEqual([]);
    expect(results.every(({ summary }) => summary.percent === 0)).toBe(true);
    await scene.expectNothingSucceeded(out, said);
  } finally {
    process.kill(-(swapper.pid ?? 0), 'SIGKILL');
  }
  await scene.expectNothingLeft();
});

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadExercise } from '../../../src/grade/exercise/load.ts';
import type { ClassResult, GradeResult } from '../../../src/grade/result.ts';
import { hostileAccounts } from '../../hostile/accounts.ts';
import { hostileBalancers } from '../../hostile/balancer.ts';
import { hostileScripts } from '../../hostile/firewall.ts';
import { differs, type Hostile } from '../../hostile/hostile.ts';
import { hostileFiles } from '../../hostile/intake.ts';
import { hostileNginx } from '../../hostile/nginx.ts';
import { hostileProjects } from '../../hostile/project.ts';
import { hostileOptions } from '../../hostile/replication.ts';
import { hostileFixes } from '../../hostile/restore.ts';
import { Scene } from '../../hostile/scene.ts';
import { knownOf, writeTree } from '../../support/submissions.ts';

let scene: Scene;

beforeAll(async () => {
  scene = await Scene.open();
});
afterAll(async () => {
  await scene.close();
});

/** An exercise, its hostile submissions, and after how many of them that run a right one follows. */
const classes: [exercise: string, hostile: readonly Hostile[], every: number][] = [
  ['tls-termination', [...hostileFiles, ...hostileBalancers], 1],
  ['server-firewall', hostileScripts, 1],
  ['nginx-application', hostileNginx, 3],
  ['restore-service', hostileFixes, 2],
  ['database-accounts', hostileAccounts, 3],
  ['mysql-replication', hostileOptions, 3],
  ['whole-stack', hostileProjects, 2],
];

describe.each(classes)('hostile submissions of %s beside right ones', (exercise, hostile, every) => {
  test('harm nobody', async () => {
    const { lab, work, target, watch } = scene;
    const [solution] = await knownOf(exercise);
    const [into, out] = [join(work, exercise), join(work, `${exercise}-out`)];
    await mkdir(into);
    const paths: string[] = [];
    let run = 0;
    for (const one of hostile) {
      paths.push(await one.write(join(into, one.name), target));
      if ('refused' in one.outcome) continue;
      run += 1;
      if (run % every !== 0) continue;
      const neighbour = join(into, `beside-${one.name}`);
      await writeTree(neighbour, solution?.files ?? new Map());
      paths.push(neighbour);
    }
    const grading = await lab.run('grade', ...paths, '-e', exercise, '--out', out, '--jobs', '2', '--json');
    expect(grading.exitCode, grading.stderr.slice(-4000)).toBe(1);
    const { results } = JSON.parse(grading.stdout) as ClassResult;
    expect(results.length).toBe(paths.length);

    const wrong = results.flatMap((result) => {
      const one = hostile.find(({ name }) => name === result.student);
      return whatIsWrong(one === undefined ? notPerfect(result) : differs(one, result), result);
    });
    expect(wrong).toEqual([]);

    const { limits } = await loadExercise(exercise);
    // The engine's own time for making and removing comes on top of what a submission has.
    expect(results.filter(({ durationMs }) => durationMs > (limits.seconds + 10) * 1000)).toEqual([]);
    await scene.expectNothingSucceeded(out, grading.stderr);
    const silent = hostile.filter(({ says }) => says !== undefined && !watch.logs.includes(says));
    expect(silent.map(({ name }) => `${name} has not run`)).toEqual([]);
    await scene.expectNothingLeft();
  }, 400_000);
});

/** The neighbours of hostile submissions are right, and nothing that those do may cost them a point. */
function notPerfect({ summary, outcome }: GradeResult): string | undefined {
  return summary.percent === 100 ? undefined : `${outcome} ${summary.percent} %, not 100 %`;
}

function whatIsWrong(difference: string | undefined, { student, checks, refusals }: GradeResult): string[] {
  if (difference === undefined) return [];
  const open = checks.filter(({ status }) => status === 'failed' || status === 'not-measured');
  const seen = [...refusals.map(({ message }) => message), ...open.map(({ id, observed }) => `${id}: ${observed}`)];
  return [`${student}: ${difference}; ${seen.join('; ').slice(0, 400)}`];
}

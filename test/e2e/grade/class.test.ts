import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../src/engine/docker.ts';
import { verdictOf, type GradeResult } from '../../../src/grade/result.ts';
import { LabCommand, until } from '../../support/lab.ts';
import { writeClass } from '../../support/submissions.ts';

const exercise = 'tls-termination';
let docker: Docker;
let lab: LabCommand;
let work: string;
let students: string[];

beforeAll(async () => {
  docker = await connect();
  lab = await LabCommand.create();
  work = await mkdtemp(join(tmpdir(), 'lab-class-'));
  students = await writeClass(join(work, 'in'), exercise, 12);
});
afterAll(async () => {
  await rm(work, { recursive: true, force: true });
  await rm(lab.home, { recursive: true, force: true });
});

/** What decides, by student. */
async function verdicts(out: string): Promise<Record<string, string>> {
  const names = (await readdir(join(out, 'students'), { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const entries = names.sort().map(async (name) => {
    const result = JSON.parse(await readFile(join(out, 'students', name, 'result.json'), 'utf8')) as GradeResult;
    return [name, verdictOf(result)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Everything on the engine that belongs to a stage of this home. */
async function leftOnEngine(): Promise<string[]> {
  const ours = (labels: Record<string, string> | undefined): boolean =>
    Object.values(labels ?? {}).some((value) => value.startsWith('grade-') && owned.has(value));
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
  ]);
  return [
    ...containers.filter(({ Labels }) => ours(Labels)).map(({ Names }) => Names.join()),
    ...networks.filter(({ Labels }) => ours(Labels)).map(({ Name }) => Name),
    ...volumes.filter(({ Labels }) => ours(Labels)).map(({ Name }) => Name),
  ];
}

/** The stages that were seen while a grading ran. */
const owned = new Set<string>();
const seeStages = (): void => {
  const folder = join(lab.home, '.grading');
  if (existsSync(folder)) for (const name of readdirSync(folder)) owned.add(name);
};

test('a class graded twice, in another order and with other jobs, has the same scores', async () => {
  const [one, other] = [join(work, 'one'), join(work, 'other')];
  expect((await lab.run('grade', ...students, '-e', exercise, '--out', one, '--jobs', '2')).exitCode).toBe(1);
  expect(
    (await lab.run('grade', ...[...students].reverse(), '-e', exercise, '--out', other, '--jobs', '1')).exitCode,
  ).toBe(1);
  expect(await verdicts(other)).toEqual(await verdicts(one));
  expect(Object.keys(await verdicts(one))).toHaveLength(students.length);
}, 300_000);

test('killed in the middle and resumed: the same scores, nobody graded twice, nothing left', async () => {
  const [whole, cut] = [join(work, 'one'), join(work, 'cut')];
  const run = lab.start('grade', ...students, '-e', exercise, '--out', cut, '--jobs', '2');
  const kept = join(cut, 'students');
  const finished = (): string[] =>
    existsSync(kept) ? readdirSync(kept).filter((name) => existsSync(join(kept, name, 'result.json'))) : [];
  await until('four are graded', 120_000, () => {
    seeStages();
    return Promise.resolve(finished().length >= 4);
  });
  run.kill('SIGKILL');
  await run;
  const before = finished();
  const times = await Promise.all(before.map((name) => readFile(join(kept, name, 'result.json'), 'utf8')));
  expect(before.length).toBeLessThan(students.length);
  const resumed = await lab.run('grade', ...students, '-e', exercise, '--out', cut, '--jobs', '2', '--resume');
  expect(resumed.exitCode, resumed.stderr).toBe(1);
  expect(await verdicts(cut)).toEqual(await verdicts(whole));
  const after = await Promise.all(before.map((name) => readFile(join(kept, name, 'result.json'), 'utf8')));
  expect(after).toEqual(times);
  expect(owned.size).toBeGreaterThan(0);
  await until('nothing is left on the engine', 20_000, async () => (await leftOnEngine()).length === 0);
  expect(readdirSync(join(lab.home, '.grading'))).toEqual([]);
}, 300_000);

test('results are not mixed with those of another exercise, or written over', async () => {
  const there = await lab.run('grade', ...students, '-e', exercise, '--out', join(work, 'one'));
  expect(there.exitCode).toBe(2);
  expect(there.stderr).toContain('RESULTS_PRESENT');
});

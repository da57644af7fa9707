import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { composeLabel, inspectProject } from '../../../src/engine/containers.ts';
import { connect } from '../../../src/engine/docker.ts';
import type { GradeResult } from '../../../src/grade/result.ts';
import { probeLabel } from '../../../src/probe/probe-container.ts';
import { onContainerStart } from '../../support/container-starts.ts';
import { LabCommand } from '../../support/lab.ts';
import { knownOf, writeTree } from '../../support/submissions.ts';

const exercise = 'tls-termination';
/** Prometheus begins to ask 5 s after its start, and asks every 2 s. */
const hangsMs = 10_000;
let docker: Docker;
let lab: LabCommand;
let work: string;
let endEvents: () => void;

beforeEach(async () => {
  docker = await connect();
  lab = await LabCommand.create();
  work = await mkdtemp(join(tmpdir(), 'lab-unmeasured-'));
  const solution = (await knownOf(exercise)).find(({ name }) => name === 'solution');
  for (const student of ['ana', 'ben']) await writeTree(join(work, student), solution?.files ?? new Map());
});
afterEach(async () => {
  endEvents();
  await rm(work, { recursive: true, force: true });
  await rm(lab.home, { recursive: true, force: true });
});

const grade = (...args: string[]) => lab.run('grade', ...args, '-e', exercise, '--out', join(work, 'out'));
const resultOf = async (student: string): Promise<GradeResult> =>
  JSON.parse(await readFile(join(work, 'out', 'students', student, 'result.json'), 'utf8')) as GradeResult;

/** Stages of other gradings on this machine are left alone. */
const isOurs = (project: string): boolean => existsSync(join(lab.home, '.grading', project));

/**
 * Ends containers that only the grader has, from the moment that a submission's service starts beside them.
 * @param stages in how many stages, from the first
 * @returns the stages that submissions were graded in
 */
async function breakStages(
  stages: number,
  isGraders: (labels: Readonly<Record<string, string>>) => boolean,
): Promise<Set<string>> {
  const seen = new Set<string>();
  const kill = (id: string): Promise<unknown> =>
    docker
      .getContainer(id)
      .remove({ force: true })
      .catch(() => undefined);
  const projectOf = (labels: Readonly<Record<string, string>>): string =>
    labels[composeLabel.project] ?? labels[probeLabel.project] ?? '';
  const onStart = async (id: string, labels: Readonly<Record<string, string>>): Promise<void> => {
    const project = projectOf(labels);
    if (labels[composeLabel.service] === 'balancer' && isOurs(project)) {
      seen.add(project);
      if (seen.size > stages) return;
      const all = await docker.listContainers();
      const found = all.filter(({ Labels }) => projectOf(Labels) === project && isGraders(Labels));
      await Promise.all(found.map(({ Id }) => kill(Id)));
    } else if ([...seen].slice(0, stages).includes(project) && isGraders(labels)) await kill(id);
  };
  endEvents = await onContainerStart(docker, (id, labels) => void onStart(id, labels));
  return seen;
}

test('what the machine kept from being measured, twice, is no failure; the others are graded, and --resume makes up for it', async () => {
  await breakStages(2, (labels) => labels[probeLabel.project] !== undefined);
  const graded = await grade(join(work, 'ana'), join(work, 'ben'), '--jobs', '1');
  expect(graded.exitCode, graded.stderr).toBe(3);

  const ana = await resultOf('ana');
  expect(ana.outcome).toBe('not-measured');
  expect(new Set(ana.checks.map(({ status }) => status))).toEqual(new Set(['not-measured']));
  expect((await resultOf('ben')).summary.percent).toBe(100);
  const [head = [], ...rows] = (await readFile(join(work, 'out', 'class.csv'), 'utf8'))
    .split('\r\n')
    .map((row) => row.split(','));
  const cells = (student: string): (string | undefined)[] =>
    ['outcome', 'points', 'percent', 'passed'].map(
      (name) => rows.find(([first]) => first === student)?.[head.indexOf(name)],
    );
  expect(cells('ana')).toEqual(['not-measured', '', '', '']);
  expect(cells('ben')).toEqual(['graded', '100', '100', 'yes']);

  const resumed = await grade(join(work, 'ana'), join(work, 'ben'), '--jobs', '1', '--resume');
  expect(resumed.exitCode, resumed.stderr).toBe(0);
  expect((await resultOf('ana')).summary.percent).toBe(100);
}, 150_000);

test('a stage that loses what all share is left for a new one, and the submission is graded there', async () => {
  const stages = await breakStages(1, (labels) => /^web\d$/.test(labels[composeLabel.service] ?? ''));
  const graded = await grade(join(work, 'ana'));
  expect(graded.exitCode, graded.stderr).toBe(0);
  expect(stages.size).toBe(2);
  expect((await resultOf('ana')).summary.percent).toBe(100);
}, 120_000);

/** Lets a monitoring client of the first stage hang for a while when Prometheus has started there. @returns the stages */
async function hangFirst(service: string): Promise<Set<string>> {
  const stages = new Set<string>();
  const hang = async (project: string): Promise<void> => {
    const container = (await inspectProject(docker, project)).get(service)?.Id ?? '';
    const signal = (flag: string) => execa('docker', ['exec', container, 's6-svc', flag, '/run/service/node-exporter']);
    await signal('-p');
    await pause(hangsMs);
    await signal('-c');
  };
  endEvents = await onContainerStart(docker, (_, labels) => {
    const project = labels[composeLabel.project] ?? '';
    if (labels[composeLabel.service] !== 'prometheus' || !isOurs(project)) return;
    if (stages.size === 0) void hang(project);
    stages.add(project);
  });
  return stages;
}

test('what Prometheus missed of a stage that hung counts against nobody: it is graded anew', async () => {
  // These rules remember every answer that was ever missed.
  const known = (await knownOf('alert-rules')).find(({ name }) => name === 'variants/never-ends');
  await writeTree(join(work, 'cleo'), known?.files ?? new Map());
  const stages = await hangFirst('web2');
  const args = ['grade', join(work, 'cleo'), '-e', 'alert-rules', '--out', join(work, 'out')];
  let graded = await lab.run(...args);
  // Should the machine miss an answer of the second stage too, it says so, and goes on.
  if (graded.exitCode === 3) graded = await lab.run(...args, '--resume');
  expect(graded.exitCode, graded.stderr).toBe(0);
  const { checks } = await resultOf('cleo');
  expect(checks.filter(({ status }) => status !== 'passed').map(({ id }) => id)).toEqual(['alerts.end']);
  expect(stages.size).toBeGreaterThan(1);
}, 400_000);

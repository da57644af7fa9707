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
import { onContainerStart } from '../../support/container-starts.ts';
import { LabCommand } from '../../support/lab.ts';
import { knownOf, writeTree } from '../../support/submissions.ts';

/** Rules that remember every answer that was ever missed. */
const [exercise, variant] = ['alert-rules', 'variants/never-ends'];
/** Prometheus begins to ask 5 s after its start, and asks every 2 s. */
const hangsMs = 10_000;
let docker: Docker;
let lab: LabCommand;
let work: string;
let endEvents: () => void;

beforeEach(async () => {
  docker = await connect();
  lab = await LabCommand.create();
  work = await mkdtemp(join(tmpdir(), 'lab-busy-'));
});
afterEach(async () => {
  endEvents();
  await rm(work, { recursive: true, force: true });
  await rm(lab.home, { recursive: true, force: true });
});

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
    if (labels[composeLabel.service] !== 'prometheus' || !existsSync(join(lab.home, '.grading', project))) return;
    if (stages.size === 0) void hang(project);
    stages.add(project);
  });
  return stages;
}

test('what Prometheus missed of a stage that hung counts against nobody: it is graded anew', async () => {
  const known = (await knownOf(exercise)).find(({ name }) => name === variant);
  await writeTree(join(work, 'ana'), known?.files ?? new Map());
  const stages = await hangFirst('web2');
  const graded = await lab.run('grade', join(work, 'ana'), '-e', exercise, '--out', join(work, 'out'));
  expect(graded.exitCode, graded.stderr).toBe(0);
  const result = JSON.parse(await readFile(join(work, 'out', 'students', 'ana', 'result.json'), 'utf8')) as GradeResult;
  expect(result.checks.filter(({ status }) => status !== 'passed').map(({ id }) => id)).toEqual(['alerts.end']);
  expect(stages.size).toBe(2);
}, 240_000);

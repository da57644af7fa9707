import { rm } from 'node:fs/promises';
import type Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../../src/engine/docker.ts';
import type { GradeResult } from '../../../src/grade/result.ts';
import { LabCommand, until } from '../../support/lab.ts';

const project = `e2e-live-${process.pid}`;
const exercise = ['--exercise', 'restore-service', '--project', project];
let docker: Docker;
let lab: LabCommand;

beforeAll(async () => {
  docker = await connect();
  lab = await LabCommand.create();
  const up = await lab.run('up', '--yes', '--no-verify', '--project', project);
  expect(up.exitCode, up.stderr).toBe(0);
});
afterAll(async () => {
  await lab.run('down', '--all', '--project', project);
  await rm(lab.home, { recursive: true, force: true });
});

const grade = async (): Promise<{ exitCode: number; result: GradeResult }> => {
  const { exitCode, stdout, stderr } = await lab.run('grade', '--live', ...exercise, '--json');
  expect(stdout, stderr).not.toBe('');
  return { exitCode, result: JSON.parse(stdout) as GradeResult };
};
const by = (result: GradeResult, wanted: string): string[] =>
  result.checks.filter(({ status }) => status === wanted).map(({ id }) => id);
const run = async (...args: string[]): Promise<void> => {
  const { exitCode, stderr } = await lab.run(...args, '--project', project);
  expect(exitCode, stderr).toBe(0);
};
const inWeb3 = (script: string): Promise<void> => run('shell', 'web3', '--', 'sh', '-c', script);

test('a lab in which nothing was broken is not graded', async () => {
  const { exitCode, stderr } = await lab.run('grade', '--live', ...exercise);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('LIVE_NOT_BROKEN');
});

test('a repair by hand passes, half of one does not, and what was not broken is not asked for', async () => {
  await run('break', 'server-nginx-stopped');
  await run('break', 'server-disk-full');
  const broken = await grade();
  expect(broken.exitCode).toBe(1);
  expect(by(broken.result, 'failed')).toEqual(['restored.pages', 'restored.room']);
  expect(by(broken.result, 'passed')).toEqual(['server.not-restarted']);

  await inWeb3('s6-svc -u /run/service/nginx');
  await until('room is all that is missing', 30_000, async () => {
    const { result } = await grade();
    return by(result, 'failed').join() === 'restored.room';
  });
  await inWeb3('for one in /tmp/*; do case $one in /tmp/upload-*) ;; *) rm -rf "$one" ;; esac; done');
  const mended = await grade();
  expect(mended.exitCode).toBe(0);
  expect(mended.result.summary).toMatchObject({ percent: 100, passed: true });
  expect(by(mended.result, 'passed')).toEqual([
    'server.not-restarted',
    'restored.pages',
    'restored.supervised',
    'restored.room',
    'unharmed.rest',
  ]);
  // What is to be typed at home names this project.
  expect(mended.result.checks.map(({ reproduce }) => reproduce).join()).toContain(`${project}-web3-1`);
});

test('starting the container again is no repair', async () => {
  await docker.getContainer(`${project}-web3-1`).restart();
  const { exitCode, result } = await grade();
  expect(exitCode).toBe(1);
  expect(by(result, 'failed')).toEqual(['server.not-restarted']);
  expect(result.summary.points).toBe(0);
});

test('lab fix is no repair, and takes away what could be graded', async () => {
  await run('fix');
  const { exitCode, stderr } = await lab.run('grade', '--live', ...exercise);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('LIVE_NOT_BROKEN');
});

test('a lab that does not run is no failed grading', async () => {
  await run('break', 'server-disk-full');
  await run('down');
  const { exitCode, stderr } = await lab.run('grade', '--live', ...exercise);
  expect(exitCode).toBe(2);
  expect(stderr).toContain('PROJECT_DOWN');
});

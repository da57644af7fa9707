import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Comparison } from '../../src/checks/compared.ts';
import { connect } from '../../src/engine/docker.ts';
import { projectContainers } from '../../src/engine/containers.ts';
import { LabCommand } from '../support/lab.ts';

const labs = ['secured-monitored', 'scaled-up'] as const;
let lab: LabCommand;

const clear = async (): Promise<void> => {
  for (const one of labs) await lab.run('down', '--all', '--project', `compare-${one}`);
};

beforeAll(async () => {
  lab = await LabCommand.create();
  await clear();
});
afterAll(clear);

test('a lab that does not run is named, with what brings it up', { timeout: 60_000 }, async () => {
  const { exitCode, stderr } = await lab.run('compare', ...labs);
  expect(exitCode, stderr).not.toBe(0);
  expect(stderr).toContain(`lab up ${labs[0]}`);
});

test('two labs are brought up, measured side by side, and leave nothing', { timeout: 600_000 }, async () => {
  const { exitCode, stdout, stderr } = await lab.run('compare', ...labs, '--up', '--yes', '--json', '--plain');
  expect(exitCode, stderr.split('\n').slice(-8).join('\n')).toBe(0);
  const { checks } = JSON.parse(stdout) as Comparison;
  const seen = (id: string): unknown =>
    Object.values(checks)
      .flat()
      .find((check) => check.id === id)
      ?.seen.map((one) => one?.status);
  // Of one balancer, nobody takes the place; of two, the other does. That is measured on both.
  expect(seen('balancing.survives-killed-balancer')).toEqual(['failed', 'passed']);
  expect(seen('balancing.survives-hung-balancer')).toEqual(['failed', 'passed']);
  expect(seen('balancing.one-holder')).toEqual([undefined, 'passed']);
  expect(checks.first).toEqual([]);
  const docker = await connect();
  for (const one of labs) expect(await projectContainers(docker, `compare-${one}`)).toEqual([]);
});

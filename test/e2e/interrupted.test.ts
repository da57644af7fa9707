import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type Docker from 'dockerode';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import { projectContainers } from '../../src/engine/containers.ts';
import { LabCommand, traces, until } from '../support/lab.ts';

const project = `e2e-cut-${process.pid}`;
let docker: Docker;
let lab: LabCommand;

beforeAll(async () => {
  docker = await connect();
  lab = await LabCommand.create();
});
afterAll(async () => {
  await lab.run('down', '--all', '--project', project);
});

/** Moments of a `lab up`, each by what can be seen of it from outside. */
const moments: Record<string, () => Promise<boolean>> = {
  'as soon as the project is being written': async () => existsSync(join(lab.home, project)),
  'when the first container is there': async () => (await projectContainers(docker, project)).length > 0,
  'when half of the containers run': async () =>
    (await projectContainers(docker, project)).filter(({ State }) => State === 'running').length >= 6,
  'while it waits for health': async () =>
    (await projectContainers(docker, project)).filter(({ State }) => State === 'running').length >= 13,
};

for (const [moment, reached] of Object.entries(moments)) {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    test(`${signal} ${moment}: \`lab down --all\` leaves nothing`, async () => {
      const run = lab.start('up', '--yes', '--no-verify', '--project', project);
      await until(moment, 60_000, reached);
      const underWay = run.exitCode === null;
      run.kill(signal);
      const { exitCode } = await run;
      if (signal === 'SIGINT' && underWay) expect(exitCode).toBe(130);
      const down = await lab.run('down', '--all', '--project', project);
      expect(down.exitCode, down.stderr).toBe(0);
      // Compose itself outlives a killed lab for a moment, and may still be creating.
      await until('nothing is left', 20_000, async () => {
        await lab.run('down', '--all', '--project', project);
        return (await traces(docker, project)).length === 0;
      });
      expect(existsSync(join(lab.home, project))).toBe(false);
    });
  }
}

test('an interrupted `lab up` is mended by running it again', async () => {
  const run = lab.start('up', '--yes', '--project', project);
  await until(
    'half of the containers run',
    60_000,
    moments['when half of the containers run'] as () => Promise<boolean>,
  );
  run.kill('SIGKILL');
  await run;
  expect((await lab.run('up', '--yes', '--project', project)).exitCode).toBe(0);
  expect((await lab.status(project)).state).toBe('up');
});

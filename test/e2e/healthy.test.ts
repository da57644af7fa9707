import type Docker from 'dockerode';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { composeLabel } from '../../src/engine/containers.ts';
import { connect } from '../../src/engine/docker.ts';
import { waitHealthy } from '../../src/life/healthy.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { removeContainer } from '../../src/probe/remove-container.ts';
import { imageFor } from '../support/images.ts';
import { referenceLab, settingsWith } from '../unit/plan/settings.ts';

const name = `e2e-healthy-${process.pid}`;
const plan = makePlan(referenceLab, settingsWith({ project: name }));
// A lab of one service.
const project = { name, plan: { ...plan, services: plan.services.slice(0, 1) } };
const [service] = project.plan.services.map((one) => one.name);
const made: Docker.Container[] = [];
let docker: Docker;
let image: string;

beforeAll(async () => {
  [docker, image] = await Promise.all([connect(), imageFor('base')]);
});
afterEach(async () => {
  await Promise.all(made.splice(0).map(removeContainer));
});

async function started(script: string, more: Partial<Docker.ContainerCreateOptions> = {}): Promise<void> {
  const container = await docker.createContainer({
    Image: image,
    Entrypoint: ['sh', '-c', script],
    Labels: { [composeLabel.project]: name, [composeLabel.service]: service ?? '' },
    ...more,
  });
  made.push(container);
  await container.start();
}

const wait = (deadlineMs: number): Promise<unknown> =>
  waitHealthy(docker, project, { emit: () => undefined, signal: new AbortController().signal, deadlineMs });
const every = { Interval: 100e6, Timeout: 10e9, Retries: 100 };

describe('a service that does not come up', () => {
  it.each([
    ['ends as soon as it is started', {}],
    ['ends as soon as it is started', { HostConfig: { RestartPolicy: { Name: 'always' } } }],
  ])('%s %j', async (what, more) => {
    await started('echo first; echo my last words >&2; exit 3', {
      Healthcheck: { Test: ['CMD', 'false'], ...every },
      ...more,
    });
    await expect(wait(30_000)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      exitCode: 1,
      problems: [{ message: `${service} ${what}`, found: expect.stringContaining('my last words') as string }],
    });
  });

  it('is named with what its health check says, once the time is over', async () => {
    await started('sleep 60', { Healthcheck: { Test: ['CMD-SHELL', 'echo not yet; exit 1'], ...every } });
    await expect(wait(5000)).rejects.toMatchObject({
      code: 'SERVICE_FAILED',
      problems: [{ found: expect.stringContaining('not yet') as string }],
    });
  });

  it('is waited for', async () => {
    const script = 'sleep 1; touch /tmp/ready; sleep 60';
    await started(script, { Healthcheck: { Test: ['CMD', 'test', '-e', '/tmp/ready'], ...every } });
    await expect(wait(20_000)).resolves.toMatchObject({ state: 'up' });
  });
});

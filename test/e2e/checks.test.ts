import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connect } from '../../src/engine/docker.ts';
import type { CheckResult } from '../../src/checks/result.ts';
import type { Project } from '../../src/life/projects.ts';
import { verifyProject } from '../../src/life/verify.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { referenceLab, settingsWith } from '../unit/plan/settings.ts';
import { breakersFor } from './breakers/index.ts';
import { labUnderTest } from './breakers/lab-under-test.ts';
import type { LabUnderTest } from './breakers/types.ts';
import { bringUp, io, oneLab, takeDown } from '../support/one-lab.ts';

const name = oneLab('e2e-checks');
const only = new RegExp(process.env['LAB_E2E_ONLY'] ?? '');

let docker: Docker;
let project: Project;
let lab: LabUnderTest;

const measure = async (check: string): Promise<CheckResult | undefined> =>
  (await verifyProject(docker, project, { only: [check] }, io)).checks[0];

/** Measures until it is so: what was broken, or put back, may take a moment to be seen. */
async function measureUntil(status: CheckResult['status'], check: string): Promise<CheckResult | undefined> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const result = await measure(check);
    if (result?.status === status || Date.now() > deadline) return result;
  }
}

beforeAll(async () => {
  docker = await connect();
  project = await bringUp(name);
  lab = labUnderTest(docker, project.plan);
});

afterAll(async () => {
  await takeDown(name);
});

// Which checks there are follows from the lab's definition, so the tests can be named before it runs.
const planned = makePlan(referenceLab, settingsWith({ grafana: false }));

describe('each check fails when what it states is broken, and passes when it is mended', () => {
  test.each(
    breakersFor(planned)
      .filter(({ check }) => only.test(check))
      .map((breaker) => [breaker.check, breaker] as const),
  )('%s', async (check, breaker) => {
    try {
      await breaker.breakIt(lab);
      expect(await measureUntil('failed', check)).toMatchObject({ id: check, status: 'failed' });
    } finally {
      await breaker.mend(lab);
    }
    expect(await measureUntil('passed', check)).toMatchObject({ id: check, status: 'passed' });
  });

  test('nothing is left broken', async () => {
    const { checks } = await verifyProject(docker, project, {}, io);
    expect(checks.filter(({ status }) => status === 'failed').map(({ id, observed }) => `${id}: ${observed}`)).toEqual(
      [],
    );
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { VerifyResult } from '../../src/checks/result.ts';
import { drill } from '../../src/drill/drill.ts';
import type { DrillResult } from '../../src/drill/result.ts';
import { connect } from '../../src/engine/docker.ts';
import { inspectProject } from '../../src/engine/containers.ts';
import { faultsFor } from '../../src/faults/break.ts';
import { labNames, loadLab } from '../../src/life/labs.ts';
import { openProject } from '../../src/life/projects.ts';
import { verifyProject } from '../../src/life/verify.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { ProjectContainers } from '../../src/probe/project-containers.ts';
import { difference } from '../../src/report/drill.ts';
import { bringUp, io, takeDown } from '../support/one-lab.ts';
import { referenceLab, settingsWith } from '../unit/plan/settings.ts';

const only = new RegExp(process.env['LAB_E2E_ONLY'] ?? '');
/** LAB_E2E_ALL_FAULTS=1 drills every fault of every lab: a quarter of an hour each. */
const allFaults = process.env['LAB_E2E_ALL_FAULTS'] === '1';

const known = new Set(faultsFor(makePlan(referenceLab, settingsWith())).map(({ name }) => name));
const labs = await Promise.all(
  (await labNames())
    .filter((name) => name !== referenceLab.name && only.test(name))
    .map(async (name) => {
      const plan = makePlan(await loadLab(name), settingsWith({ grafana: false }));
      const faults = faultsFor(plan).map((fault) => fault.name);
      const guarded = plan.services.some(({ kind }) => kind === 'firewall');
      return { lab: name, guarded, faults: allFaults ? faults : faults.filter((fault) => !known.has(fault)) };
    }),
);

// The reference lab has test files of its own.
describe.each(labs)('the lab $lab', ({ lab, faults, guarded }) => {
  const name = `e2e-${lab}`;
  let result: VerifyResult;
  let drilled: DrillResult | undefined;

  beforeAll(async () => {
    const project = await bringUp(name, lab);
    const docker = await connect();
    result = await verifyProject(docker, project, {}, io);
    if (faults.length > 0 && result.summary.failed === 0) drilled = await drill({ docker, project }, faults, io);
  }, 40 * 60_000);
  afterAll(() => takeDown(name));

  test('comes up, and every check passes', () => {
    const failed = result.checks.filter(({ status }) => status === 'failed');
    expect(failed.map(({ id, observed }) => `${id}: ${observed}`)).toEqual([]);
    expect(result.summary.passed).toBeGreaterThan(0);
  });

  test.skipIf(guarded)('publishes its site on loopback, and has no way out', async () => {
    const docker = await connect();
    const { plan } = await openProject(name);
    const [front] = plan.services;
    const containers = new ProjectContainers(docker, name);
    const outside = ['bash', '-c', 'exec 3<>/dev/tcp/198.51.100.1/443'];
    const { exitCode, stderr } = await containers.exec(front?.name ?? '', outside).finally(() => containers.close());
    expect(exitCode).not.toBe(0);
    // Nobody has the address that the default route leads to. A refusal would mean that something had gone out.
    expect(stderr).toMatch(/No route to host/);
    for (const facts of (await inspectProject(docker, name)).values()) {
      const bindings = Object.values(facts.NetworkSettings.Ports ?? {}).flatMap(
        (list) => (list ?? []) as { HostIp: string }[],
      );
      expect(bindings.filter(({ HostIp }) => HostIp !== '127.0.0.1')).toEqual([]);
    }
  });

  test.each(faults)('%s is caught as declared, alerted, and gone when it is taken out', (fault) => {
    const one = drilled?.faults.find(({ name }) => name === fault);
    expect(one === undefined ? ['the drill ended before it'] : difference(one)).toEqual([]);
  });

  test.skipIf(faults.length === 0)('and the lab is whole again after all of them', () => {
    expect(drilled?.whole.failed).toEqual([]);
  });
});

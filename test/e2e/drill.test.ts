import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { drill } from '../../src/drill/drill.ts';
import { failuresThatStay, failuresToCome } from '../../src/drill/failures.ts';
import type { DrillResult } from '../../src/drill/result.ts';
import { connect } from '../../src/engine/docker.ts';
import type { Emit } from '../../src/events.ts';
import { faultsFor } from '../../src/faults/break.ts';
import { breakProject, fixProject } from '../../src/life/broken.ts';
import type { Open } from '../../src/life/running.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { difference } from '../../src/report/drill.ts';
import { bringUp, io, oneLab, takeDown } from '../support/one-lab.ts';
import { referenceLab, settingsWith } from '../unit/plan/settings.ts';

const name = oneLab('e2e-drill');
const only = new RegExp(process.env['LAB_E2E_ONLY'] ?? '');

// Which faults there are follows from the lab's definition, so the tests can be named before it runs.
const names = faultsFor(makePlan(referenceLab, settingsWith({ grafana: false })))
  .map((fault) => fault.name)
  .filter((fault) => only.test(fault));

let open: Open;
let result: DrillResult;

// One drill of all faults, as they come one after the other: some twenty seconds each.
beforeAll(async () => {
  open = { project: await bringUp(name), docker: await connect() };
  result = await drill(open, names, io);
}, 40 * 60_000);

afterAll(() => takeDown(name));

describe('a fault is caught by the checks that it declares and no others, alerted, and gone when it is taken out', () => {
  test.each(names)('%s', (fault) => {
    const drilled = result.faults.find((one) => one.name === fault);
    expect(drilled === undefined ? ['the drill ended before it'] : difference(drilled)).toEqual([]);
  });

  test('and is waited for where it takes a moment to be noticed', async () => {
    let broken: Promise<unknown> | undefined;
    // Once the check has passed, and not before.
    const emit: Emit = ({ type }) => {
      if (type === 'step-done') broken ??= breakProject(open, 'server-nginx-stopped', 'drill');
    };
    try {
      const failed = await failuresToCome(open, ['balancing.servers-up'], { ...io, emit });
      expect(failed).toMatchObject([{ check: 'balancing.servers-up', observed: expect.stringContaining('DOWN') }]);
      // What is so for as long as the fault is in counts, declared or not.
      expect(await failuresThatStay(open, ['balancing.servers-up', 'tls.chain'], io, 4000)).toMatchObject(failed);
    } finally {
      await broken;
      await fixProject(open, 'server-nginx-stopped', io);
    }
  });

  test('and the lab is whole again after all of them', () => {
    expect(result.whole.failed).toEqual([]);
  });
});

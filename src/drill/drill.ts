import type { Emit } from '../events.ts';
import { step } from '../events.ts';
import { failure, inputError } from '../errors.ts';
import type { CheckContext } from '../checks/check.ts';
import { faultNamed } from '../faults/break.ts';
import type { Fault } from '../faults/fault.ts';
import { activeFaults } from '../faults/record.ts';
import type { Open } from '../life/running.ts';
import { measuring, verifyProject } from '../life/verify.ts';
import { startTraffic } from '../traffic/traffic.ts';
import { isWatched } from './inbox.ts';
import { compared, expectedChecks } from './expected.ts';
import { judged } from './judge.ts';
import { drillFault, type Drilled } from './one-fault.ts';
import { failedOf } from './failures.ts';
import type { DrillResult } from './result.ts';

interface Io {
  emit: Emit;
  signal: AbortSignal;
}

const visitorsPerSecond = 10;

/**
 * Puts faults into a running lab, one after the other; watches each being detected, takes it out, and watches the lab recover.
 * @throws UserError `FAULT_ACTIVE`; `LAB_UNHEALTHY` when something fails beforehand
 */
export async function drill(open: Open, names: readonly string[], io: Io): Promise<DrillResult> {
  const started = performance.now();
  const { docker, project } = open;
  const chosen = names.map((name) => faultNamed(project.plan, name));
  const quiet = { emit: () => undefined, signal: io.signal };
  await refuseBroken(open);
  await step(io.emit, ['before'], 'Verifying that the lab is whole', () => refuseUnhealthy(open, io.signal));
  const faults = await measuring(docker, project, io, async (context) => {
    const drilled = await drillAll(open, context, chosen, io);
    return Promise.all(drilled.map((one) => judged(project.plan, one)));
  });
  const whole = await step(io.emit, ['after'], 'Verifying that the lab is whole again', () =>
    verifyProject(docker, project, {}, quiet),
  );
  const asDeclared = faults.filter((fault) => fault.asDeclared).length;
  return {
    lab: project.plan.lab.name,
    project: project.name,
    summary: {
      faults: faults.length,
      asDeclared,
      different: faults.length - asDeclared,
      durationMs: Math.round(performance.now() - started),
    },
    faults,
    whole: { passed: whole.summary.passed, failed: failedOf(whole) },
  };
}

/** Under steady visitors: much of what goes wrong shows only when somebody comes by. */
async function drillAll(open: Open, context: CheckContext, faults: readonly Fault[], io: Io): Promise<Drilled[]> {
  const visitors = await startTraffic(open.docker, open.project.plan, { rate: visitorsPerSecond });
  const drilled: Drilled[] = [];
  try {
    for (const [index, fault] of faults.entries()) {
      io.signal.throwIfAborted();
      const title = `${fault.name} (${index + 1} of ${faults.length})`;
      const words = (one: Drilled): string => inWords(open, one);
      drilled.push(
        await step(
          io.emit,
          ['drill', fault.name],
          title,
          (progress) => drillFault(open, context, fault, io, progress),
          words,
        ),
      );
      // With one fault still in, the next would be measured on a lab that is not well.
      if ((await activeFaults(open.project.folder)).length > 0) break;
    }
  } finally {
    await visitors.stop();
  }
  return drilled;
}

async function refuseBroken({ project }: Open): Promise<void> {
  const active = await activeFaults(project.folder);
  if (active.length === 0) return;
  throw inputError('FAULT_ACTIVE', {
    message: 'something is broken already',
    found: active.map(({ fault }) => fault).join(', '),
    fix: '`lab fix` puts it back',
  });
}

async function refuseUnhealthy({ docker, project }: Open, signal: AbortSignal): Promise<void> {
  const failed = failedOf(await verifyProject(docker, project, {}, { emit: () => undefined, signal }));
  if (failed.length === 0) return;
  throw failure(
    'LAB_UNHEALTHY',
    failed.map(({ check, observed }) => ({ message: `before anything was broken, ${check} fails: ${observed}` })),
  );
}

function inWords({ project }: Open, { fault, failed, brokenAt, firingAt, stuck }: Drilled): string {
  const { unexpected, missing } = compared(
    expectedChecks(project.plan, fault),
    failed.map(({ check }) => check),
  );
  const mail = !isWatched(project.plan)
    ? 'nobody is told'
    : firingAt === undefined
      ? `no mail about ${fault.alert.name}`
      : `${fault.alert.name} after ${((firingAt.getTime() - brokenAt.getTime()) / 1000).toFixed(1)} s`;
  const difference = [
    ...unexpected.map((id) => `+${id}`),
    ...missing.map((id) => `-${id}`),
    ...stuck.map(({ observed }) => observed),
  ];
  return [
    `${failed.length} ${failed.length === 1 ? 'check' : 'checks'} failed, ${mail}`,
    ...(difference.length === 0 ? [] : [`not as declared: ${difference.join(' ')}`]),
  ].join('; ');
}

import type { Emit } from '../events.ts';
import { step } from '../events.ts';
import { failure, inputError, UserError } from '../errors.ts';
import type { CheckContext } from '../checks/check.ts';
import type { VerifyResult } from '../checks/result.ts';
import { faultNamed } from '../faults/break.ts';
import { activeFaults } from '../faults/record.ts';
import type { Fault } from '../faults/fault.ts';
import { breakProject, fixProject, type Open } from '../life/broken.ts';
import { measuring, verifyProject } from '../life/verify.ts';
import { startTraffic } from '../traffic/traffic.ts';
import { expectedChecks } from './expected.ts';
import { mailAbout } from './inbox.ts';
import { untilQuiet } from './quiet.ts';
import type { DrilledFault, DrillResult } from './result.ts';

interface Io {
  emit: Emit;
  signal: AbortSignal;
}

/** How long an alert may take to be over after the mending, and checks to pass again. */
const recoveryMs = 45_000;
const visitorsPerSecond = 10;

/**
 * Puts faults into a running lab, one after the other; watches each being detected, takes it out, and watches the lab recover.
 * @throws UserError `LAB_UNHEALTHY` when something fails beforehand
 */
export async function drill(open: Open, names: readonly string[], io: Io): Promise<DrillResult> {
  const started = performance.now();
  const { docker, project } = open;
  const chosen = names.map((name) => faultNamed(project.plan, name));
  await refuseBroken(open);
  await step(io.emit, ['before'], 'Verifying that the lab is whole', () => refuseUnhealthy(open, io));
  const drilled: DrilledFault[] = [];
  await measuring(docker, project, io, async (context) => {
    // Much of what goes wrong shows only when somebody comes by.
    const visitors = await startTraffic(docker, project.plan, { rate: visitorsPerSecond });
    try {
      for (const [index, fault] of chosen.entries()) {
        io.signal.throwIfAborted();
        const title = `${fault.name} (${index + 1} of ${chosen.length})`;
        drilled.push(await step(io.emit, ['drill', fault.name], title, (progress) => one(open, context, fault, io, progress), inWords));
        // With one fault still in, the next would be measured on a lab that is not well.
        if ((await activeFaults(project.folder)).length > 0) break;
      }
    } finally {
      await visitors.stop();
    }
  });
  const whole = await step(io.emit, ['after'], 'Verifying that the lab is whole again', () => verifyProject(docker, project, {}, quiet(io)));
  const asDeclared = drilled.filter((fault) => fault.asDeclared).length;
  return {
    lab: project.plan.lab.name,
    project: project.name,
    summary: { faults: drilled.length, asDeclared, different: drilled.length - asDeclared, durationMs: Math.round(performance.now() - started) },
    faults: drilled,
    whole: { passed: whole.summary.passed, failed: failedOf(whole) },
  };
}

async function refuseBroken({ project }: Open): Promise<void> {
  const active = await activeFaults(project.folder);
  if (active.length === 0) return;
  throw inputError('FAULT_ACTIVE', { message: 'something is broken already', found: active.map(({ fault }) => fault).join(', '), fix: '`lab fix` puts it back' });
}

async function refuseUnhealthy({ docker, project }: Open, io: Io): Promise<void> {
  const failed = failedOf(await verifyProject(docker, project, {}, quiet(io)));
  if (failed.length === 0) return;
  throw failure(
    'LAB_UNHEALTHY',
    failed.map(({ check, observed }) => ({ message: `${check} fails before anything was broken`, found: observed })),
  );
}

async function one(open: Open, context: CheckContext, fault: Fault, io: Io, progress: (detail: string) => void): Promise<DrilledFault> {
  const { docker, project } = open;
  const { name, withinSeconds } = fault.alert;
  progress('waiting for quiet');
  await untilQuiet(context, name);
  progress('breaking');
  const brokenAt = new Date();
  let mendedAt = brokenAt;
  let firstFailed: number | null = null;
  const stuck: { check: string; observed: string }[] = [];
  let seen: VerifyResult | undefined;
  let firing: Date | undefined;
  try {
    await breakProject(open, fault.name, 'drill');
    progress('measuring');
    const noticing: Emit = (event) => {
      if (event.type === 'step-failed') firstFailed ??= Date.now() - brokenAt.getTime();
    };
    [seen, firing] = await Promise.all([
      verifyProject(docker, project, {}, { emit: noticing, signal: io.signal }),
      mailAbout(context, name, 'FIRING', brokenAt, withinSeconds * 1000),
    ]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    stuck.push({ check: error.code, observed: error.message });
    seen = undefined;
  } finally {
    progress('mending');
    mendedAt = new Date();
    // Ctrl-C must not leave the lab broken.
    const mending = { emit: () => undefined, signal: new AbortController().signal };
    await fixProject(open, fault.name, mending).catch((error: unknown) => stuck.push({ check: 'lab fix', observed: String(error) }));
  }
  const failed = seen === undefined ? [] : failedOf(seen);
  progress('recovering');
  const [resolved, left] = await Promise.all([
    firing === undefined ? undefined : mailAbout(context, name, 'RESOLVED', mendedAt, recoveryMs),
    recovery(open, failed.map(({ check }) => check), mendedAt, io),
  ]);
  const since = (from: Date, to: Date | undefined): number | null => (to === undefined ? null : to.getTime() - from.getTime());
  const checks = compared(expectedChecks(project.plan, fault), failed.map(({ check }) => check));
  const drilled = {
    name: fault.name,
    title: fault.title,
    checks,
    firstFailedAfterMs: firstFailed,
    alert: { name, withinSeconds, deliveredAfterMs: since(brokenAt, firing), clearedAfterMs: since(mendedAt, resolved) },
    recoveredAfterMs: left.afterMs,
    evidence: [...stuck, ...failed.filter(({ check }) => checks.unexpected.includes(check)), ...left.failed],
  };
  const right = stuck.length === 0 && checks.unexpected.length + checks.missing.length === 0 && firing !== undefined && resolved !== undefined && left.afterMs !== null;
  return { ...drilled, asDeclared: right };
}

function compared(expected: string[], failed: string[]): DrilledFault['checks'] {
  return {
    expected,
    failed,
    unexpected: failed.filter((id) => !expected.includes(id)),
    missing: expected.filter((id) => !failed.includes(id)),
  };
}

/** Measures what had failed until it passes. */
async function recovery(
  { docker, project }: Open,
  checks: readonly string[],
  since: Date,
  io: Io,
): Promise<{ afterMs: number | null; failed: { check: string; observed: string }[] }> {
  let only = [...checks];
  let failed: { check: string; observed: string }[] = [];
  while (only.length > 0) {
    failed = failedOf(await verifyProject(docker, project, { only }, quiet(io)));
    only = failed.map(({ check }) => check);
    if (only.length > 0 && Date.now() - since.getTime() > recoveryMs) return { afterMs: null, failed };
  }
  return { afterMs: Date.now() - since.getTime(), failed: [] };
}

function failedOf({ checks }: VerifyResult): { check: string; observed: string }[] {
  return checks.filter(({ status }) => status === 'failed').map(({ id, observed }) => ({ check: id, observed }));
}

function quiet({ signal }: Io): Io {
  return { emit: () => undefined, signal };
}

function inWords({ asDeclared, checks, alert }: DrilledFault): string {
  const mail = alert.deliveredAfterMs === null ? `no mail about ${alert.name}` : `${alert.name} after ${(alert.deliveredAfterMs / 1000).toFixed(1)} s`;
  const difference = [...checks.unexpected.map((id) => `+${id}`), ...checks.missing.map((id) => `-${id}`)].join(' ');
  return `${asDeclared ? 'as declared' : 'NOT as declared'}: ${checks.failed.length} checks failed, ${mail}${difference === '' ? '' : `; ${difference}`}`;
}

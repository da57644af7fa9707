import type { Emit } from '../events.ts';
import { UserError } from '../errors.ts';
import type { CheckContext } from '../checks/check.ts';
import type { Fault } from '../faults/fault.ts';
import { breakProject, fixProject } from '../life/broken.ts';
import type { Open } from '../life/running.ts';
import { verifyProject } from '../life/verify.ts';
import { compared, expectedChecks } from './expected.ts';
import { failedOf, failuresThatStay, failuresToCome, type Failure } from './failures.ts';
import { mailAbout } from './inbox.ts';
import { untilQuiet } from './quiet.ts';
import { recovery } from './recovery.ts';

interface Io {
  emit: Emit;
  signal: AbortSignal;
}

/** How long an alert may take to be over. The next fault is in meanwhile, and may hold it up, or the mails. */
const resolvedMs = 120_000;

/** What was seen of one fault, from the breaking to the recovery. */
export interface Drilled {
  fault: Fault;
  brokenAt: Date;
  mendedAt: Date;
  failed: Failure[];
  /** When the first check had failed. */
  firstFailedAt: Date | undefined;
  /** When the mail about its alert came. */
  firingAt: Date | undefined;
  /** When the mail came that it is over: alerts take longer to end than checks, and the next fault need not wait for it. */
  resolvedAt: Promise<Date | undefined>;
  recoveredAt: Date | undefined;
  /** What did not pass again in time. */
  notRecovered: Failure[];
  /** Why it could not be put in, measured or taken out. */
  stuck: Failure[];
}

/** Puts a fault in, has everything measured and waits for its alert, takes it out, and waits until all passes that had failed. */
export async function drillFault(
  open: Open,
  context: CheckContext,
  fault: Fault,
  io: Io,
  progress: (detail: string) => void,
): Promise<Drilled> {
  const { name, withinSeconds } = fault.alert;
  progress('waiting for quiet');
  await untilQuiet(context, name);
  progress('breaking');
  const brokenAt = new Date();
  const stuck: Failure[] = [];
  let firstFailedAt: Date | undefined;
  const notice: Emit = ({ type }) => {
    if (type === 'step-failed') firstFailedAt ??= new Date();
  };
  let failed: Failure[] = [];
  let firingAt: Date | undefined;
  let mendedAt = brokenAt;
  try {
    await breakProject(open, fault.name, 'drill');
    progress('measuring');
    [failed, firingAt] = await Promise.all([
      failures(open, fault, { emit: notice, signal: io.signal }),
      mailAbout(context, name, 'FIRING', brokenAt, withinSeconds * 1000),
    ]);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    stuck.push({ check: error.code, observed: error.message });
  } finally {
    progress('mending');
    mendedAt = new Date();
    // Ctrl-C must not leave the lab broken.
    const calmly = { emit: () => undefined, signal: new AbortController().signal };
    await fixProject(open, fault.name, calmly).catch((error: unknown) =>
      stuck.push({ check: 'lab fix', observed: String(error) }),
    );
  }
  progress('recovering');
  const resolvedAt =
    firingAt === undefined ? Promise.resolve(undefined) : mailAbout(context, name, 'RESOLVED', mendedAt, resolvedMs);
  // It is looked at when all is over; that nobody waits for it when the drill ends early is no defect.
  resolvedAt.catch(() => undefined);
  const { recoveredAt, notRecovered } = await recovery(open, failed, mendedAt, io.signal);
  return { fault, brokenAt, mendedAt, failed, firstFailedAt, firingAt, resolvedAt, recoveredAt, notRecovered, stuck };
}

/**
 * Measures everything; what the fault is to break, until it fails; and what it is not to break and failed, until it passes: what counts is
 * the fault, and not the moment in which it was put in.
 */
async function failures(open: Open, fault: Fault, io: Io): Promise<Failure[]> {
  const failed = failedOf(await verifyProject(open.docker, open.project, {}, io));
  const { missing, unexpected } = compared(
    expectedChecks(open.project.plan, fault),
    failed.map(({ check }) => check),
  );
  const declared = failed.filter(({ check }) => !unexpected.includes(check));
  return [...declared, ...(await failuresToCome(open, missing, io)), ...(await failuresThatStay(open, unexpected, io))];
}

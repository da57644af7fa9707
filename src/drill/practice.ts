import { createHash, randomUUID } from 'node:crypto';
import type { Emit } from '../events.ts';
import { step } from '../events.ts';
import { failure, inputError } from '../errors.ts';
import { faultNamed, faultsFor } from '../faults/break.ts';
import type { Fault } from '../faults/fault.ts';
import { activeFaults } from '../faults/record.ts';
import type { Plan } from '../plan/types.ts';
import { breakProject, fixProject, type Fixed } from '../life/broken.ts';
import type { Open } from '../life/running.ts';
import { measuring, verifyProject } from '../life/verify.ts';
import { isWatched, mailAbout, mailsSince } from './inbox.ts';
import { forgetPractice, keepPractice, readPractice, type Practice } from './practice-state.ts';

interface Io {
  emit: Emit;
  signal: AbortSignal;
}

export interface Choice {
  difficulty?: number;
  /** The same seed and difficulty give everybody the same fault. */
  seed?: number;
}

/** A riddle as the person is shown it: what others notice, and nothing of its cause. */
export interface Riddle {
  project: string;
  difficulty: number;
  startedAt: string;
  visitor: string;
  /** The mail that the administrators got, where a visitor notices nothing. */
  mail?: string;
  hintsLeft: number;
}

/** Picks a fault and puts it in. @throws UserError `PRACTICE_UNDERWAY`, `FAULT_ACTIVE` */
export async function startPractice(open: Open, choice: Choice, io: Io): Promise<Riddle> {
  const { folder, plan } = open.project;
  if ((await readPractice(folder)) !== undefined)
    throw inputError('PRACTICE_UNDERWAY', {
      message: 'there is something to be found already',
      fix: '`lab practice` shows it, `lab practice end` gives it up',
    });
  const active = await activeFaults(folder);
  if (active.length > 0)
    throw inputError('FAULT_ACTIVE', {
      message: 'something is broken already',
      found: active.map(({ fault }) => fault).join(', '),
      fix: '`lab fix` puts it back',
    });
  const fault = pick(plan, choice);
  const startedAt = new Date();
  await step(io.emit, ['practice'], 'Breaking something', async () => {
    await keepPractice(folder, {
      version: 1,
      fault: fault.name,
      startedAt: startedAt.toISOString(),
      hints: 0,
      checks: 0,
    });
    await breakProject(open, fault.name, 'practice').catch(async (error: unknown) => {
      await forgetPractice(folder);
      throw error;
    });
  });
  // Where nobody else notices anything, the alert is all there is to go by.
  if (!fault.felt)
    await step(io.emit, ['alert'], 'Waiting for somebody to notice', () => waitForAlert(open, fault, startedAt, io));
  return showPractice(open, io);
}

/** Which fault it is to be. */
export function pick(plan: Plan, { difficulty, seed }: Choice): Fault {
  // Where nothing watches the lab, what visitors do not feel cannot be known of.
  const candidates = faultsFor(plan)
    .filter(({ felt }) => felt || isWatched(plan))
    .filter((fault) => difficulty === undefined || fault.difficulty === difficulty)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const digest = createHash('sha256')
    .update(seed === undefined ? randomUUID() : `practice ${seed}`)
    .digest();
  const fault = candidates[digest.readUInt32BE(0) % Math.max(1, candidates.length)];
  if (fault === undefined)
    throw inputError('FAULT_UNKNOWN', {
      message: `there is no fault of difficulty ${difficulty}`,
      expected: '1, 2 or 3',
    });
  return fault;
}

/** What is to be found. @throws UserError `PRACTICE_NONE` */
export async function showPractice(open: Open, io: Io): Promise<Riddle> {
  const { practice, fault } = await underway(open);
  const mail = fault.felt ? undefined : await firstMail(open, fault, new Date(practice.startedAt), io);
  return {
    project: open.project.name,
    difficulty: fault.difficulty,
    startedAt: practice.startedAt,
    visitor: fault.visitor,
    ...(mail === undefined ? {} : { mail }),
    hintsLeft: fault.hints.length - practice.hints,
  };
}

/** The next hint, or the last one again. */
export async function nextHint(open: Open): Promise<{ number: number; of: number; hint: string }> {
  const { practice, fault } = await underway(open);
  const number = Math.min(practice.hints + 1, fault.hints.length);
  await keepPractice(open.project.folder, { ...practice, hints: number });
  return { number, of: fault.hints.length, hint: fault.hints[number - 1] ?? '' };
}

/** How a riddle ended. */
export interface Ending {
  solved: boolean;
  fault: Fault;
  seconds: number;
  hints: number;
  checks: number;
  fixed: Fixed[];
}

/** Verifies the whole lab: what still fails, or the end of the riddle when nothing does. */
export async function checkPractice(
  open: Open,
  io: Io,
): Promise<{ failing: { title: string; observed: string }[]; ending?: Ending }> {
  const { practice } = await underway(open);
  await keepPractice(open.project.folder, { ...practice, checks: practice.checks + 1 });
  const { checks } = await verifyProject(open.docker, open.project, {}, io);
  const failing = checks
    .filter(({ status }) => status === 'failed')
    .map(({ title, observed }) => ({ title, observed }));
  return failing.length > 0 ? { failing } : { failing, ending: await endPractice(open, true, io) };
}

/** Ends it: puts everything back exactly, and tells what it was. */
export async function endPractice(open: Open, solved: boolean, io: Io): Promise<Ending> {
  const { practice, fault } = await underway(open);
  const active = await activeFaults(open.project.folder);
  const fixed = active.some((one) => one.fault === fault.name) ? await fixProject(open, fault.name, io) : [];
  await forgetPractice(open.project.folder);
  const seconds = Math.round((Date.now() - Date.parse(practice.startedAt)) / 1000);
  return { solved, fault, seconds, hints: practice.hints, checks: practice.checks, fixed };
}

async function underway({ project }: Open): Promise<{ practice: Practice; fault: Fault }> {
  const practice = await readPractice(project.folder);
  if (practice === undefined)
    throw failure('PRACTICE_NONE', { message: 'there is nothing to be found', fix: '`lab practice` breaks something' });
  return { practice, fault: faultNamed(project.plan, practice.fault) };
}

function waitForAlert({ docker, project }: Open, { alert }: Fault, since: Date, { signal }: Io): Promise<unknown> {
  return measuring(docker, project, { signal }, (context) =>
    mailAbout(context, alert.name, 'FIRING', since, alert.withinSeconds * 1000),
  );
}

async function firstMail(
  { docker, project }: Open,
  { alert }: Fault,
  since: Date,
  { signal }: Io,
): Promise<string | undefined> {
  const mails = await measuring(docker, project, { signal }, (context) =>
    mailsSince(context, alert.name, since).catch(() => []),
  );
  return mails[0]?.text;
}

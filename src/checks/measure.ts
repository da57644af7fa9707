import { setTimeout as sleep } from 'node:timers/promises';
import { UserError, type Problem } from '../errors.ts';
import { failed, type Check, type CheckContext, type Observation } from './check.ts';

/** Far longer than any check takes on a machine that is not overloaded. */
const defaultTimeoutMs = 30_000;
/** How long a check that is out of time gets to put back what it disturbed. */
const graceMs = 15_000;
const longestObservation = 4096;

export interface Measurement {
  observation: Observation;
  durationMs: number;
  /** Settles when the check has really ended, which may be after its time was over. */
  ended: Promise<void>;
}

/** Runs one check to an observation, whatever happens in it. Never throws. */
export async function measure(check: Check, context: CheckContext): Promise<Measurement> {
  const started = performance.now();
  const timeoutMs = check.timeoutMs ?? defaultTimeoutMs + (check.retry?.deadlineMs ?? 0);
  const late = new AbortController();
  const signal = AbortSignal.any([context.signal, late.signal]);
  const work = attempts(check, { ...context, signal });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Observation>((resolve) => {
    timer = setTimeout(() => {
      resolve(failed(`not measured within ${timeoutMs} ms`));
      late.abort(new Error(`${check.id} was out of time after ${timeoutMs} ms`));
    }, timeoutMs);
  });
  const observation = await Promise.race([work, timeout]);
  clearTimeout(timer);
  return {
    observation: { ...observation, observed: bounded(observation.observed) },
    durationMs: Math.round(performance.now() - started),
    ended: endOrGrace(work),
  };
}

async function endOrGrace(work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const grace = sleep(graceMs, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work, grace]);
  over.abort();
}

/** Measures until it passes, or the deadline of `retry` is over. */
async function attempts(check: Check, context: CheckContext): Promise<Observation> {
  let deadline: number | undefined;
  for (let wait = 50; ; wait = Math.min(wait * 2, 500)) {
    const observation = await attempt(check, context);
    // The first attempt may have spent its time on opening a vantage: what is retried is tried twice at least.
    deadline ??= performance.now() + (check.retry?.deadlineMs ?? 0);
    const over = performance.now() + wait > deadline || context.signal.aborted;
    if (observation.status !== 'failed' || over) return observation;
    await sleep(wait, undefined, { signal: context.signal }).catch(() => undefined);
  }
}

async function attempt(check: Check, context: CheckContext): Promise<Observation> {
  try {
    return await check.run(context);
  } catch (error) {
    return failed(wordsOf(error));
  }
}

/** What an error says of the lab; one that is not about the lab, but a defect of ours, is marked as such. */
function wordsOf(error: unknown): string {
  if (error instanceof UserError) return error.problems.map(problemWords).join('; ');
  if (!(error instanceof Error)) return `could not be measured: ${String(error)}`;
  const { code } = error as NodeJS.ErrnoException;
  return typeof code === 'string' ? error.message : `could not be measured: ${error.message}`;
}

function problemWords({ message, found }: Problem): string {
  return found === undefined ? message : `${message}: ${found}`;
}

function bounded(text: string): string {
  return text.length <= longestObservation ? text : `${text.slice(0, longestObservation)}…`;
}

import { setTimeout as pause } from 'node:timers/promises';
import type { CheckContext } from '../checks/check.ts';
import { isWatched, mailsSince } from './inbox.ts';

const deadlineMs = 45_000;
const pollMs = 500;
/** How far back the last mail about an alert is looked for. */
const lookBackMs = 10 * 60_000;

/**
 * Waits until nothing of an alert is left from before: it neither fires nor is about to, and the last mail about it says that it
 * is over. What then comes is the fault's own.
 */
export async function untilQuiet(context: CheckContext, alert: string): Promise<void> {
  if (!isWatched(context.plan)) return;
  const deadline = performance.now() + deadlineMs;
  while (!(await isQuiet(context, alert).catch(() => false)) && performance.now() < deadline) {
    await pause(pollMs, undefined, { signal: context.signal });
  }
}

async function isQuiet(context: CheckContext, alert: string): Promise<boolean> {
  const [active, mails] = await Promise.all([
    context.prometheus(`ALERTS{alertname="${alert}"}`),
    mailsSince(context, alert, new Date(Date.now() - lookBackMs)),
  ]);
  return active.length === 0 && mails.at(-1)?.subject.startsWith('[FIRING') !== true;
}

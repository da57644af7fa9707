import { setTimeout as pause } from 'node:timers/promises';
import type { CheckContext } from '../checks/check.ts';
import { serviceOf } from '../checks/services.ts';
import { jsonOf } from '../checks/site.ts';
import type { Plan } from '../plan/types.ts';

/** What the inbox tells of one mail. */
export interface Mail {
  subject: string;
  text: string;
  /** ISO 8601. */
  receivedAt: string;
}

const pollMs = 250;

/** Whether anybody is told of what goes wrong. */
export function isWatched(plan: Plan): boolean {
  return serviceOf(plan, 'prometheus') !== undefined && serviceOf(plan, 'inbox') !== undefined;
}

/** The mails whose subject contains a text and that came since, the oldest first. Asked by a neighbour in the inbox's own zone: no firewall stands between. */
export async function mailsSince(context: CheckContext, subject: string, since: Date): Promise<Mail[]> {
  const inbox = serviceOf(context.plan, 'inbox');
  if (inbox === undefined) return [];
  const query = new URLSearchParams({ subject, since: since.toISOString() }).toString();
  const answer = await context.vantages
    .from({ zone: inbox.zone })
    .http({ address: inbox.address, port: 8025, path: `/api/messages?${query}`, maxBytes: 1 << 20 });
  const mails = jsonOf(answer) as Mail[];
  return mails
    .filter(({ receivedAt }) => new Date(receivedAt) >= since)
    .sort((a, b) => (a.receivedAt < b.receivedAt ? -1 : 1));
}

/**
 * Waits for the mail that an alert has begun or ended, and gives when it came.
 * @returns undefined when it did not come in time, or nobody watches the lab
 */
export async function mailAbout(
  context: CheckContext,
  alert: string,
  status: 'FIRING' | 'RESOLVED',
  since: Date,
  deadlineMs: number,
): Promise<Date | undefined> {
  if (!isWatched(context.plan)) return undefined;
  const deadline = since.getTime() + deadlineMs;
  for (;;) {
    const mails = await mailsSince(context, alert, since).catch(() => []);
    const mail = mails.find(({ subject }) => subject.startsWith(`[${status}`) && subject.includes(` ${alert} `));
    if (mail !== undefined) return new Date(mail.receivedAt);
    if (Date.now() > deadline) return undefined;
    await pause(pollMs, undefined, { signal: context.signal });
  }
}

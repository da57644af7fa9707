import { setTimeout as pause } from 'node:timers/promises';
import type { CheckContext } from '../../checks/check.ts';
import { verdict } from '../../checks/check.ts';
import { freshText, posting, removeMessages } from '../../checks/messages.ts';
import { servicesOf } from '../../checks/services.ts';
import { field, jsonOf, siteOf, type Ask, type Site } from '../../checks/site.ts';
import { columns } from '../../report/table.ts';
import type { Claim } from './claim.ts';

/** What of the site is left. */
interface Left {
  page: boolean;
  read: boolean;
  write: boolean;
}

/** A service whose loss is felt is a single point of failure: each is killed in turn, and a visitor comes by. */
export const singlePoints: Claim = {
  id: 'single-points.felt',
  title: 'Whatever there is only one of takes a part of the site with it',
  run: async (context) => {
    const site = await siteOf(context);
    const serving = (['balancer', 'web', 'database'] as const).flatMap((kind) => servicesOf(context.plan, kind));
    const text = freshText();
    const ids: number[] = [];
    const seen: { name: string; left: Left; single: boolean }[] = [];
    for (const { name, kind } of new Set(serving)) {
      const left = await without(context, name, () => visit(site, text, ids));
      seen.push({ name, left, single: kind !== 'web' || servicesOf(context.plan, 'web').length === 1 });
    }
    await untilWhole(site, text, ids);
    await removeMessages(context, text, ids);
    const good = seen.every(({ left, single }) => (left.page && left.read && left.write) !== single);
    const felt = seen.filter(({ left }) => !left.page || !left.read || !left.write).map(({ name }) => name);
    return {
      ...verdict(good, `of ${seen.length} services, ${felt.length} may not fail: ${felt.join(', ')}`),
      exhibit: table(seen),
    };
  },
};

function table(seen: readonly { name: string; left: Left }[]): string {
  const words = (there: boolean): string => (there ? 'yes' : 'no');
  const rows = seen.map(({ name, left }) => [name, words(left.page), words(left.read), words(left.write)]);
  return columns([['killed', 'page', 'reading', 'writing'], ...rows]);
}

/** Kills a service, looks, and has it back, healthy. */
async function without<T>(context: CheckContext, name: string, look: () => Promise<T>): Promise<T> {
  await context.kill(name);
  try {
    return await look();
  } finally {
    await context.start(name);
    await untilHealthy(context, name);
  }
}

const deadlineMs = 60_000;

async function untilHealthy(context: CheckContext, name: string): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while ((await context.exec(name, ['healthy']).catch(() => undefined))?.exitCode !== 0) {
    if (performance.now() > deadline) throw new Error(`${name} was not healthy again within ${deadlineMs / 1000} s`);
    await pause(200);
  }
}

/** One visitor after the other, long enough for what stands in to do so. */
async function visit(site: Site, text: string, ids: number[]): Promise<Left> {
  await pause(settleMs);
  const page = await all(site, { path: '/' }, 200);
  const read = await all(site, { path: '/api/messages?limit=1' }, 200);
  const answers = await Promise.all(Array.from({ length: visitors }, () => site.tryAsk(posting(text))));
  for (const answer of answers) if (answer.ok && answer.status === 201) ids.push(Number(field(jsonOf(answer), 'id')));
  return { page, read, write: answers.every((answer) => answer.ok && answer.status === 201) };
}

const visitors = 6;
/** Until connections that were under way have ended. */
const settleMs = 1000;

async function all(site: Site, ask: Ask, status: number): Promise<boolean> {
  const answers = await site.askMany(Array.from({ length: visitors }, () => ask));
  return answers.every((answer) => answer.ok && answer.status === status);
}

async function untilWhole(site: Site, text: string, ids: number[]): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const { page, read, write } = await visit(site, text, ids);
    if (page && read && write) return;
    if (performance.now() > deadline) throw new Error(`the site was not whole again within ${deadlineMs / 1000} s`);
  }
}

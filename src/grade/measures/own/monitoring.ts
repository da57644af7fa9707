import * as z from 'zod';
import { rolesOf } from '../../compose/roles.ts';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { settled } from '../settled.ts';
import { tallied, outcomeWords } from '../balancer/visit.ts';
import { activeTargets, placeAsked, secondsOf, type Target } from '../prometheus/ask.ts';
import { hearAnswers } from './heard.ts';
import { addressesOf, asked, lostServer, ownOf } from './own.ts';

/** What is asked less often is not waited for. */
const longestSeconds = 60;
/** Prometheus takes its targets up 5 s after its start (discovery manager), and a busy machine takes a moment more. */
const slackSeconds = 8;

/** Every service but Prometheus itself, which nobody else needs to watch here. */
function watchedServices(context: MeasureContext): string[] {
  const { roles } = ownOf(context);
  return rolesOf(roles)
    .map(({ service }) => service)
    .filter((name) => name !== roles.prometheus);
}

/** The targets that lead to a service, whatever they are called. */
function targetsAt(context: MeasureContext, targets: readonly Target[], service: string): Target[] {
  const names = [service, ...addressesOf(ownOf(context), service)];
  return targets.filter((target) => names.includes(placeAsked(target)?.host ?? ''));
}

/** The targets of the student's Prometheus, or why there are none. */
async function targetsOf(context: MeasureContext): Promise<Target[] | string> {
  if (ownOf(context).roles.prometheus === undefined) return 'lab-roles.yml names no prometheus';
  try {
    return await activeTargets(context);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Prometheus asks every service for its figures, and gets them: it says so, and the answers are heard on their way. */
export const watchesAll = defineMeasure({
  options: z.strictObject({}),
  run: async (context) => {
    const targets = await firstTargets(context);
    if (typeof targets === 'string') return { good: false, observed: targets };
    const interval = Math.max(0, ...targets.map(({ scrapeInterval }) => secondsOf(scrapeInterval)));
    const patience = Math.min(interval, longestSeconds) + slackSeconds;
    const heard = await hearAnswers(context, [80, ...targets.map((target) => placeAsked(target)?.port ?? 80)]);
    try {
      return await settled(context, patience, async () =>
        watchedBy(context, await targetsOf(context), heard.senders()),
      );
    } finally {
      await heard.close();
    }
  },
});

/** As `targetsOf`, once there are some. */
async function firstTargets(context: MeasureContext): Promise<Target[] | string> {
  let targets: Target[] | string = [];
  await settled(context, slackSeconds, async () => {
    targets = await targetsOf(context);
    return { good: typeof targets !== 'string' && targets.length > 0, observed: '' };
  });
  return targets;
}

function watchedBy(context: MeasureContext, targets: Target[] | string, heard: ReadonlySet<string>): Seen {
  if (typeof targets === 'string') return { good: false, observed: targets };
  const names = watchedServices(context);
  const problems = names.flatMap((name) => {
    const mine = targetsAt(context, targets, name);
    if (mine.length === 0) return [`${name} has no target`];
    const down = mine.find(({ health }) => health !== 'up');
    if (down !== undefined) return [`${name} is ${down.health} ${down.lastError}`.trim()];
    const addresses = addressesOf(ownOf(context), name);
    return mine.some((target) => addresses.some((address) => heard.has(`${address}:${placeAsked(target)?.port}`)))
      ? []
      : [`${name} is said to be up, and was not heard to answer`];
  });
  return {
    good: problems.length === 0,
    observed: problems.length === 0 ? `${names.length} services are up` : problems.join(', '),
    evidence: problems,
  };
}

/** A server is killed: no visit may fail once the balancer has noticed. The server stays away. */
export const survives = defineMeasure({
  options: z.strictObject({ visits: z.int().default(12), noticeSeconds: z.number().default(8) }),
  alone: true,
  run: async (context, { visits, noticeSeconds }) => {
    const lost = lostServer(context);
    await context.lab.kill(lost);
    const request = await asked(context, '/api/whoami');
    return settled(context, noticeSeconds, async (): Promise<Seen> => {
      const outcomes = await context.lab.vantages
        .from({ zone: 'edge' })
        .httpMany({ requests: Array.from({ length: visits }, () => request), connection: 'fresh' });
      const words = outcomes.map(outcomeWords);
      return { good: words.every((word) => word === '200'), observed: `with ${lost} gone: ${tallied(words)}` };
    });
  },
});

/** Prometheus notices a server that was killed, and tells it from those that were not. */
export const notices = defineMeasure({
  options: z.strictObject({ seconds: z.number().default(10) }),
  alone: true,
  run: async (context, { seconds }) => {
    const lost = lostServer(context);
    await context.lab.kill(lost);
    return settled(context, seconds, async () => {
      const targets = await targetsOf(context);
      if (typeof targets === 'string') return { good: false, observed: targets };
      const others = ownOf(context).roles.web.filter((name) => name !== lost);
      const word = (name: string): string => {
        const mine = targetsAt(context, targets, name);
        if (mine.some(({ health }) => health === 'down')) return 'down';
        return mine.length > 0 && mine.every(({ health }) => health === 'up') ? 'up' : 'unknown';
      };
      return {
        good: word(lost) === 'down' && others.every((name) => word(name) === 'up'),
        observed: `with ${lost} gone: ${[lost, ...others].map((name) => `${name} ${word(name)}`).join(', ')}`,
      };
    });
  },
});

import { setTimeout as pause } from 'node:timers/promises';
import * as z from 'zod';
import { once } from '../../../checks/once.ts';
import { machineError } from '../../../errors.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { settled } from '../settled.ts';
import { activeTargets, askQuery, placeAsked, secondsOf, selectorOf, type Target } from './ask.ts';
import { clientsOf, exportedNow, leaveMark, markMetric, stir, type Client } from './clients.ts';

/** Prometheus takes its targets up 5 s after its start (discovery manager); without any by then, it has none. */
const discoveryMs = 8000;
/** Beyond their interval, on a machine that is busy. */
const slackMs = 4000;
/** What is asked less often is not waited for. */
const longestSeconds = 60;
const pollMs = 200;

/**
 * The submission’s Prometheus asks every monitoring client of some services, and has of each what it exported a moment ago: a mark
 * that the grader left on the host, or a count between what the client itself said before and what it says afterwards.
 */
export const scraped = defineMeasure({
  options: z.strictObject({ services: z.array(z.string()).min(1) }),
  run: async (context, { services }) => {
    const before = await stirred(context);
    const clients = clientsOf(context, services);
    const problems = await missingInTheEnd(context, clients, before);
    const good = problems.length === 0;
    return {
      good,
      observed: good
        ? `${clients.length} clients asked, with values of this moment`
        : `${clients.length - problems.length} of ${clients.length} clients: ${problems.join('; ')}`,
      evidence: problems,
    };
  },
});

/**
 * What every client had, by `service:port`, before Prometheus asked all its targets again. Once for all checks of a run: so one wait is
 * enough for all.
 */
export function stirred(context: MeasureContext): Promise<Map<string, number>> {
  return once(context.lab, 'scraped/stirred', async () => {
    const { services } = context.plan;
    const clients = clientsOf(
      context,
      services.map(({ name }) => name),
    );
    const before = await ofTheStage(async () => {
      const hosts = clients.filter(({ metric }) => metric === markMetric).map(({ service }) => service);
      await Promise.all(hosts.map(({ name }) => leaveMark(context, name)));
      await Promise.all(services.filter(({ kind }) => kind === 'web').map((server) => stir(context, server)));
      return Promise.all(clients.map((client) => exportedNow(context, client)));
    });
    await untilAskedAgain(context);
    return new Map(clients.map((client, index) => [placeOf(client), before[index] ?? Infinity]));
  });
}

/** The lab’s own clients are no submission’s doing. @throws UserError `STAGE_CLIENT` of the machine */
async function ofTheStage<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw machineError('STAGE_CLIENT', { message: 'a monitoring client of the stage does not answer', found }, error);
  }
}

async function untilAskedAgain(context: MeasureContext): Promise<void> {
  const since = Date.now();
  const started = performance.now();
  for (;;) {
    const targets = await activeTargets(context);
    const waited = performance.now() - started;
    const seconds = Math.max(0, ...targets.map(({ scrapeInterval }) => secondsOf(scrapeInterval)));
    const patience = discoveryMs + (targets.length === 0 ? 0 : Math.min(seconds, longestSeconds) * 1000 + slackMs);
    const all = targets.length > 0 && targets.every(({ lastScrape }) => Date.parse(lastScrape) > since);
    if (all || waited > patience) return;
    await pause(pollMs, undefined, { signal: context.signal });
  }
}

function placeOf({ service, port }: Client): string {
  return `${service.name}:${port}`;
}

/** A client that was missed once is asked again: only one that stays down counts. */
async function missingInTheEnd(
  context: MeasureContext,
  clients: readonly Client[],
  before: ReadonlyMap<string, number>,
): Promise<string[]> {
  const { problems } = await settled(context, slackMs / 1000, async () => {
    const found = await missing(context, clients, before);
    return { good: !found.some(({ down }) => down), problems: found };
  });
  return problems.map(({ words }) => words);
}

interface Problem {
  words: string;
  /** There is a target, and it did not answer when it was last asked. */
  down: boolean;
}

/** What is wrong with each client’s target; nothing for those that are well. */
async function missing(
  context: MeasureContext,
  clients: readonly Client[],
  before: ReadonlyMap<string, number>,
): Promise<Problem[]> {
  const targets = await activeTargets(context);
  const problems = await Promise.all(
    clients.map(async (client): Promise<Problem[]> => {
      const where = placeOf(client);
      const mine = targets.filter((target) => leadsTo(target, client));
      const up = mine.find(({ health }) => health === 'up');
      if (up === undefined) {
        const [down] = mine;
        if (down === undefined) return [{ words: `${where} is not asked`, down: false }];
        return [{ words: `${where}: ${down.health} ${down.lastError}`.trim(), down: true }];
      }
      const [sample] = await askQuery(context, `sum(${client.metric}${selectorOf(up.labels)})`);
      if (sample === undefined) return [{ words: `${where}: nothing of ${client.metric} is kept`, down: false }];
      const after = await ofTheStage(() => exportedNow(context, client));
      const least = before.get(where) ?? Infinity;
      return sample.value >= least && sample.value <= after
        ? []
        : [{ words: `${where}: its ${client.metric} is not the client’s`, down: false }];
    }),
  );
  return problems.flat();
}

function leadsTo(target: Target, { service, port }: Client): boolean {
  const place = placeAsked(target);
  if (place === undefined) return false;
  return [service.name, service.address].includes(place.host) && place.port === port && place.path === '/metrics';
}

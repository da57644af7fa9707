import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { removeMessages } from '../checks/messages.ts';
import { inputError } from '../errors.ts';
import type { Plan } from '../plan/types.ts';
import { openAgent, type OpenAgent } from '../probe/container-vantage.ts';
import { ownerOfThisProcess } from '../probe/owner.ts';
import { ProjectContainers } from '../probe/project-containers.ts';
import { runsOf, trafficText, type Run } from './mix.ts';
import { parseHey, Tally, type TrafficSummary } from './tally.ts';
import { edgeZone } from '../checks/services.ts';

export interface TrafficOptions {
  /** Requests a second. */
  rate: number;
  /** Called every few seconds with what was seen since the last time. */
  progress?(summary: TrafficSummary): void;
}

export interface Traffic {
  /** What was seen until now. */
  summary(): TrafficSummary;
  /** Settles when traffic cannot go on by itself: its container is gone. */
  ended: Promise<void>;
  /** Sends no more, waits for what is under way (some seconds at most), and removes the messages written and the container. */
  stop(): Promise<TrafficSummary>;
}

export const defaultRate = 20;
const sliceSeconds = 2;
/** Slices under way at once, when answers are late: the container holds four processes for each. */
const mostSlices = 3;

/**
 * Steady visitors from a container in the edge zone, by the address that is published there. The rate is an even one; where
 * answers are late, so is what follows.
 * @throws UserError `RATE` where the edge firewall would drop visitors as a flood; `PROBE_FAILED`
 */
export async function startTraffic(docker: Docker, plan: Plan, { rate, progress }: TrafficOptions): Promise<Traffic> {
  checkRate(plan, rate);
  const agent = await openVisitors(docker, plan);
  const tally = new Tally();
  const started = performance.now();
  const seconds = (): number => (performance.now() - started) / 1000;
  const over = new AbortController();
  const slice = async (index: number): Promise<void> => {
    const own = new Tally();
    await Promise.all(
      runsOf(plan, rate, sliceSeconds, index).map(async (run) => {
        const answers = await visits(agent, run);
        tally.add(answers, run.requests);
        own.add(answers, run.requests);
      }),
    );
    if (!over.signal.aborted) progress?.(own.summary(sliceSeconds));
  };
  const work = (async () => {
    await removeWritten(docker, plan);
    const slices = new Set<Promise<void>>();
    // On time, whether those before have all been answered or not: new visitors do not wait for others.
    for (let next = performance.now(), index = 0; !over.signal.aborted; next += sliceSeconds * 1000, index += 1) {
      const one = slice(index)
        // The container is gone: nobody can go on.
        .catch((error: unknown) => over.abort(error))
        .finally(() => slices.delete(one));
      slices.add(one);
      if (slices.size >= mostSlices) await Promise.race(slices);
      const pause = Math.max(0, next + sliceSeconds * 1000 - performance.now());
      await sleep(pause, undefined, { signal: over.signal }).catch(() => undefined);
    }
    await Promise.all(slices);
  })();
  return {
    summary: () => tally.summary(seconds()),
    ended: work,
    stop: async () => {
      over.abort();
      await work;
      const summary = tally.summary(seconds());
      await agent.close();
      await removeWritten(docker, plan);
      return summary;
    },
  };
}

async function visits({ channel }: OpenAgent, { argv }: Run): Promise<ReturnType<typeof parseHey>> {
  const { stdout } = await channel.call('command', { argv, timeoutMs: 30_000, maxBytes: 1 << 20 });
  return parseHey(stdout);
}

function checkRate(plan: Plan, rate: number): void {
  const most = edgeZone(plan)?.router === undefined ? Infinity : plan.lab.limits.newConnectionsPerSecond;
  if (rate >= 1 && rate <= most) return;
  throw inputError('RATE', {
    message: `${rate} requests a second cannot be sent`,
    expected:
      most === Infinity ? 'at least 1' : `1 to ${most}: the edge firewall takes more from one visitor for a flood`,
  });
}

function openVisitors(docker: Docker, plan: Plan): Promise<OpenAgent> {
  const { project, images } = plan.settings;
  const network = edgeZone(plan)?.network ?? '';
  return openAgent({
    docker,
    project,
    owner: ownerOfThisProcess(),
    image: images['probe'] ?? '',
    place: { networks: [network] },
    name: 'visitors',
  });
}

/** Messages of this run, and of one that was killed. A database that is gone keeps them for the next run. */
async function removeWritten(docker: Docker, plan: Plan): Promise<void> {
  const containers = new ProjectContainers(docker, plan.settings.project);
  try {
    await removeMessages(
      { plan, exec: (service, argv, options) => containers.exec(service, argv, options) },
      trafficText,
    );
  } catch {
    // It may be broken on purpose.
  } finally {
    containers.close();
  }
}

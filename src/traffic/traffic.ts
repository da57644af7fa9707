import type Docker from 'dockerode';
import { statementsAsRoot } from '../checks/database/as-root.ts';
import { inputError } from '../errors.ts';
import type { Plan } from '../plan/types.ts';
import { openAgent, type OpenAgent } from '../probe/container-vantage.ts';
import { ownerOfThisProcess } from '../probe/owner.ts';
import { ProjectContainers } from '../probe/project-containers.ts';
import { runsOf, trafficText, type Run } from './mix.ts';
import { parseHey, Tally, type TrafficSummary } from './tally.ts';

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
const sliceSeconds = 3;

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
  let stopping = false;
  const work = (async () => {
    await removeWritten(docker, plan);
    while (!stopping) {
      const slice = new Tally();
      const from = performance.now();
      const runs = runsOf(plan, rate, sliceSeconds);
      await Promise.all(
        runs.map(async (run) => {
          const answers = await visits(agent, run);
          tally.add(answers, run.requests);
          slice.add(answers, run.requests);
        }),
      );
      if (!stopping) progress?.(slice.summary((performance.now() - from) / 1000));
    }
  })();
  return {
    summary: () => tally.summary(seconds()),
    ended: work.catch(() => undefined),
    stop: async () => {
      stopping = true;
      await work.catch(() => undefined);
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
  const { newConnectionsPerSecond: most } = plan.lab.limits;
  if (rate >= 1 && rate <= most) return;
  throw inputError('RATE', {
    message: `${rate} requests a second cannot be sent`,
    expected: `1 to ${most}: the edge firewall takes more from one visitor for a flood`,
  });
}

function openVisitors(docker: Docker, plan: Plan): Promise<OpenAgent> {
  const { project, images } = plan.settings;
  const network = plan.zones.find(({ host }) => host !== undefined)?.network ?? '';
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
  const primary = plan.services.find(({ name }) => {
    const service = plan.lab.services[name];
    return service?.kind === 'database' && service.role === 'primary';
  });
  if (primary === undefined) return;
  const containers = new ProjectContainers(docker, plan.settings.project);
  try {
    const statement = `DELETE FROM ${plan.lab.database.name}.messages WHERE body = '${trafficText}'`;
    await statementsAsRoot({ exec: (service, argv, options) => containers.exec(service, argv, options) }, primary.name, [statement]);
  } catch {
    // It may be broken on purpose.
  } finally {
    containers.close();
  }
}

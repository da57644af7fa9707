import { startAgain } from '../../engine/supervised.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';

const seconds = 5;
/** Beyond what the supervisor gives a process until it kills it; mysqld has 10 s. */
const stopSeconds = 15;

/** A supervised process that is stopped, or stopped in its tracks: its sockets stay open then, and nobody answers. */
export function processState(service: string, process: string, state: 'stopped' | 'frozen'): Change {
  const folder = `/run/service/${process}`;
  const read = async (lab: RunningLab): Promise<string> =>
    (await lab.run(service, ['s6-svstat', '-o', 'wantedup,paused', folder])).trim() === 'true false'
      ? 'running'
      : (await lab.run(service, ['s6-svstat', '-o', 'wantedup', folder])).trim() === 'true'
        ? 'frozen'
        : 'stopped';
  return {
    touches: `${service}/${process}`,
    read,
    apply: async (lab) => {
      if (state === 'stopped')
        await lab.run(service, ['s6-svc', '-wD', '-T', String(stopSeconds * 1000), '-d', folder]);
      // The supervisor knows of its own child alone; the child may have workers, which are of its group.
      else await lab.run(service, ['bash', '-c', `s6-svc -p ${folder}; kill -STOP -- -$(s6-svstat -o pid ${folder})`]);
    },
    restore: async (lab) => {
      await lab.run(service, ['bash', '-c', `${goOn(folder)}; s6-svc -wu -T ${seconds * 1000} -u ${folder}`]);
      await untilHealthy(lab, service);
    },
  };
}

/** For bash: what was frozen goes on, workers and all. */
function goOn(folder: string): string {
  return `s6-svc -c ${folder}; kill -CONT -- -$(s6-svstat -o pid ${folder}) 2>/dev/null`;
}

/** Stops a supervised process and starts it again, on whatever configuration there is. It may not come up. */
export async function restartProcess(lab: RunningLab, service: string, process: string): Promise<void> {
  await lab.run(service, ['sh', '-c', startAgain(process, seconds)]);
}

/** Waits until a service's own health check passes. @returns whether it did, within some seconds */
export async function untilHealthy(lab: RunningLab, service: string, withinSeconds = 15): Promise<boolean> {
  return untilSucceeds(lab, service, 'healthy >/dev/null 2>&1', withinSeconds);
}

/** Runs a shell script in a service's container until it succeeds. @returns whether it did, within some seconds */
export async function untilSucceeds(
  lab: RunningLab,
  service: string,
  script: string,
  withinSeconds: number,
): Promise<boolean> {
  const loop = `tries=0; until ${script}; do tries=$((tries + 1)); [ $tries -lt ${withinSeconds * 10} ] || exit 1; sleep 0.1; done`;
  return (await lab.tryRun(service, ['bash', '-c', loop])).exitCode === 0;
}

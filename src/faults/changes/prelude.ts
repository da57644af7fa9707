import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';
import { restartProcess, untilHealthy } from './process.ts';

/** Lines of shell that a supervised process is started behind: another environment, say. Its own script is in the image. */
export function startedBehind(service: string, process: string, prelude: string): Change {
  const again = async (lab: RunningLab, script: string): Promise<void> => {
    await lab.run(service, ['sh', '-euc', script]);
    await restartProcess(lab, service, process);
    await untilHealthy(lab, service);
  };
  return {
    touches: `${service}/${process}`,
    read: async (lab) => (await lab.run(service, ['cat', placeOf(process)])).trim(),
    apply: (lab) => again(lab, putBehind(process, prelude)),
    restore: (lab) => again(lab, putBack(process)),
  };
}

const placeOf = (process: string): string => `/run/service/${process}/run`;
const ownOf = (process: string): string => `/etc/s6/${process}/run`;

/** A shell script that puts lines before those by which a supervised process is started. */
export function putBehind(process: string, prelude: string): string {
  const own = ownOf(process);
  return `{ head -n 1 ${own}; cat <<'PRELUDE'\n${prelude}\nPRELUDE\ntail -n +2 ${own}; } > /run/behind; chmod +x /run/behind; mv -f /run/behind ${placeOf(process)}`;
}

/** A shell script that undoes it. */
export function putBack(process: string): string {
  return `ln -sfn ${ownOf(process)} ${placeOf(process)}`;
}

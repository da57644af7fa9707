import { placeOf, putBack, putBehind } from '../../engine/supervised.ts';
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

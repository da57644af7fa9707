import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';
import { restartProcess, untilHealthy } from './process.ts';

/** Lines of shell that a supervised process is started behind: another environment, say. Its own script is in the image. */
export function startedBehind(service: string, process: string, prelude: string): Change {
  const place = `/run/service/${process}/run`;
  const own = `/etc/s6/${process}/run`;
  const again = async (lab: RunningLab, script: string): Promise<void> => {
    await lab.run(service, ['sh', '-euc', script]);
    await restartProcess(lab, service, process);
    await untilHealthy(lab, service);
  };
  return {
    touches: `${service}/${process}`,
    read: async (lab) => (await lab.run(service, ['cat', place])).trim(),
    apply: (lab) =>
      again(
        lab,
        `{ head -n 1 ${own}; cat <<'PRELUDE'\n${prelude}\nPRELUDE\ntail -n +2 ${own}; } > /run/behind; chmod +x /run/behind; mv -f /run/behind ${place}`,
      ),
    restore: (lab) => again(lab, `ln -sfn ${own} ${place}`),
  };
}

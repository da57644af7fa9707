import { stackOf } from '../../plan/stacks.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';
import { restartProcess, untilHealthy } from './process.ts';

/**
 * A file that came with a service's image, changed or removed (`null`) behind the read-only root's back. Nginx keeps files open
 * for a minute, and is started again so that it sees it at once.
 */
export function imageFile(service: string, path: string, change: string | null): Change {
  const inside = (script: string): string =>
    `nsenter -t 1 -m -- sh -euc ${quoted(`mount -o remount,bind,rw /; trap "mount -o remount,bind,ro /" EXIT; ${script}`)}`;
  const operate = async (lab: RunningLab, script: string): Promise<void> => {
    await lab.asSurgeon(service, inside(script));
    await restartProcess(lab, service, stackOf(lab.plan.lab, service).process);
    await untilHealthy(lab, service);
  };
  return {
    touches: `${service}${path}`,
    read: async (lab) =>
      (await lab.run(service, ['sh', '-c', `[ -e ${path} ] && base64 -w 0 ${path} || echo absent`])).trim(),
    apply: (lab) => operate(lab, change === null ? `rm ${path}` : `printf %s ${quoted(change)} > ${path}`),
    restore: (lab, before) => operate(lab, `echo ${before} | base64 -d > ${path}`),
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

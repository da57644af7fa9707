import { readFile } from 'node:fs/promises';
import { edited, type Edit } from '../edit.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';
import { restartProcess, untilHealthy, untilSucceeds } from './process.ts';
import { writeInPlace } from './write-in-place.ts';

/** How a service takes up a changed file: a supervised process is started again, a whole service told by SIGHUP. */
export type TakeUp = { process: string } | 'SIGHUP';

/**
 * A file of a service's configuration, where the person finds it too: `config/<service>/` of the project. `takenUp` is a shell
 * script that succeeds once the service goes by it.
 */
export function configuration(service: string, file: string, edit: Edit, by: TakeUp, takenUp = 'true'): Change {
  const place = (lab: RunningLab): string => lab.folder.config(service, file);
  return {
    touches: `${service}/${file}`,
    restoreAlways: true,
    read: (lab) => readFile(place(lab), 'utf8'),
    apply: async (lab, before) => {
      await writeInPlace(place(lab), edited(before, edit));
      await takeUp(lab, service, by);
      // It may be broken for good, and then there is nothing to wait for.
      await untilHealthy(lab, service, 1);
      await untilSucceeds(lab, service, takenUp, 10);
    },
    restore: async (lab, before) => {
      await writeInPlace(place(lab), before);
      await takeUp(lab, service, by);
      await untilHealthy(lab, service);
    },
  };
}

export async function takeUp(lab: RunningLab, service: string, by: TakeUp): Promise<void> {
  if (by === 'SIGHUP') await (await lab.container(service)).kill({ signal: 'SIGHUP' });
  else await restartProcess(lab, service, by.process);
}

import type { Change } from '../fault.ts';

/** A writable place of a service, filled to the last block by a file of the service's own user. */
export function filledDisk(service: string, folder: string): Change {
  const file = `${folder}/core.dump`;
  return {
    touches: `${service}${file}`,
    read: async (lab) => (await lab.run(service, ['sh', '-c', `[ -e ${file} ] && echo filled || echo empty`])).trim(),
    apply: async (lab) => void (await lab.tryRun(service, ['dd', 'if=/dev/zero', `of=${file}`, 'bs=64k'])),
    restore: async (lab) => void (await lab.run(service, ['rm', '-f', file])),
  };
}

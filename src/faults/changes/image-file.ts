import type { Change } from '../fault.ts';

/** A file that came with a service's image, changed or removed (`null`) behind the read-only root's back. */
export function imageFile(service: string, path: string, change: string | null): Change {
  const inside = (script: string): string => `nsenter -t 1 -m -- sh -euc ${quoted(`mount -o remount,bind,rw /; trap "mount -o remount,bind,ro /" EXIT; ${script}`)}`;
  return {
    touches: `${service}${path}`,
    read: async (lab) => (await lab.run(service, ['sh', '-c', `[ -e ${path} ] && base64 -w 0 ${path} || echo absent`])).trim(),
    apply: async (lab) => void (await lab.asSurgeon(service, inside(change === null ? `rm ${path}` : `printf %s ${quoted(change)} > ${path}`))),
    restore: async (lab, before) => void (await lab.asSurgeon(service, inside(`echo ${before} | base64 -d > ${path}`))),
  };
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

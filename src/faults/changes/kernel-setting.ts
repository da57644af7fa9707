import type { Change } from '../fault.ts';

/** A setting below /proc/sys of a service's network namespace, by its path, for example `net/ipv4/ip_forward`. */
export function kernelSetting(service: string, path: string, value: string): Change {
  const set = (to: string): string => `echo ${to} > /proc/sys/${path}`;
  return {
    touches: `${service}/${path}`,
    read: async (lab) => (await lab.run(service, ['cat', `/proc/sys/${path}`])).trim(),
    // The container itself has /proc/sys read-only.
    apply: async (lab) => void (await lab.asSurgeon(service, set(value))),
    restore: async (lab, before) => void (await lab.asSurgeon(service, set(before))),
  };
}

import { holdersOf } from '../../checks/balancing/holders.ts';
import type { SharedAddressPlan } from '../../plan/types.ts';
import type { Change } from '../fault.ts';
import type { RunningLab } from '../running-lab.ts';

/** By it the address that was given by hand is told from keepalived's own. */
const label = 'eth0:hand';

/** The shared address, given by hand to those that do not hold it. */
export function secondHolder({ address, among }: SharedAddressPlan): Change {
  const holders = (lab: RunningLab): Promise<string[]> =>
    holdersOf({ exec: (service, argv) => lab.tryRun(service, argv) }, { address, among });
  return {
    touches: `${among[0] ?? ''}/address`,
    read: async (lab) => (await holders(lab)).join(' '),
    apply: async (lab) => {
      const held = await holders(lab);
      for (const name of among.filter((one) => !held.includes(one)))
        await lab.asSurgeon(name, `ip addr add ${address}/32 dev eth0 label ${label}`);
    },
    restore: async (lab) => {
      for (const name of among) await lab.asSurgeon(name, `ip addr flush dev eth0 label ${label}`);
    },
  };
}

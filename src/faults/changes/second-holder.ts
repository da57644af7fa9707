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
  const givenByHand = async (lab: RunningLab): Promise<string[]> => {
    const shown = ['ip', '-4', '-o', 'address', 'show', 'label', label];
    const given = await Promise.all(among.map(async (name) => (await lab.tryRun(name, shown)).stdout.trim() !== ''));
    return among.filter((_, index) => given[index]);
  };
  return {
    touches: `${among[0] ?? ''}/address`,
    // keepalived may have moved the address meanwhile: that is its own affair.
    read: async (lab) => (await givenByHand(lab)).join(' ') || 'nobody',
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

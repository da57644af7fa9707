import { unlessStatus } from '../../engine/containers.ts';
import type { SharedAddressPlan } from '../../plan/types.ts';
import type { CheckContext } from '../check.ts';

/** The services whose kernels have the shared address now. One that does not run has none. */
export async function holdersOf(
  context: Pick<CheckContext, 'exec'>,
  { address, among }: Pick<SharedAddressPlan, 'address' | 'among'>,
): Promise<string[]> {
  const held = await Promise.all(
    among.map(async (name) => {
      const shown = await context
        .exec(name, ['ip', '-4', '-o', 'addr', 'show', 'to', `${address}/32`])
        .catch(unlessStatus(409));
      return (shown?.stdout ?? '').trim() !== '';
    }),
  );
  return among.filter((_, index) => held[index]);
}

/** Those that could hold it, as they say themselves: HAProxy answers, and keepalived runs. One that shares with nobody has only to be well. */
export async function readyOf(
  context: Pick<CheckContext, 'exec'>,
  { among }: Pick<SharedAddressPlan, 'among'>,
): Promise<string[]> {
  const ready = await Promise.all(
    among.map(async (name) => {
      if (among.length === 1) return (await context.exec(name, ['healthy']).catch(unlessStatus(409)))?.exitCode === 0;
      const shown = await context.exec(name, ['cat', '/run/textfile/shared-address.prom']).catch(unlessStatus(409));
      return /^shared_address_ready\{.*\} 1$/m.test(shown?.stdout ?? '');
    }),
  );
  return among.filter((_, index) => ready[index]);
}

import type { Open } from '../life/running.ts';
import { failing, type Failure } from './failures.ts';

/** How long checks may take to pass again after the mending. */
const recoveryMs = 45_000;

/** Measures what had failed until it passes. */
export async function recovery(
  open: Open,
  failed: readonly Failure[],
  since: Date,
  signal: AbortSignal,
): Promise<{ recoveredAt: Date | undefined; notRecovered: Failure[] }> {
  let left = [...failed];
  while (left.length > 0) {
    left = await failing(
      open,
      left.map(({ check }) => check),
      { emit: () => undefined, signal },
    );
    if (left.length > 0 && Date.now() - since.getTime() > recoveryMs)
      return { recoveredAt: undefined, notRecovered: left };
  }
  return { recoveredAt: new Date(), notRecovered: [] };
}

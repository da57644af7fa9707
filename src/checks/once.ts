import type { CheckContext } from './check.ts';

interface Memo {
  value: Promise<unknown>;
  /** By `performance.now()`; infinite while it is being measured. */
  doneAt: number;
}

const runs = new WeakMap<object, Map<string, Memo>>();

/**
 * A measurement that several checks of one run share: the first to ask makes it, the others get its outcome. It is made
 * again once it is older than `maxAgeMs` (a check that tries again must see what is there now), and when it threw.
 */
export function once<T>(
  context: Pick<CheckContext, 'vantages'>,
  key: string,
  work: () => Promise<T>,
  maxAgeMs = Infinity,
): Promise<T> {
  // Every check has a context of its own; the vantages are what all those of a run have in common.
  const memos = runs.get(context.vantages) ?? new Map<string, Memo>();
  runs.set(context.vantages, memos);
  const known = memos.get(key);
  if (known !== undefined && performance.now() - known.doneAt < maxAgeMs) return known.value as Promise<T>;
  const memo: Memo = { value: work(), doneAt: Infinity };
  memos.set(key, memo);
  memo.value.then(
    () => (memo.doneAt = performance.now()),
    () => memos.get(key) === memo && memos.delete(key),
  );
  return memo.value as Promise<T>;
}

/** For checks that share one long measurement, in milliseconds: on a busy machine it may take several times its 2 s. */
export const sharedTimeoutMs = 45_000;

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { CheckContext } from '../../../src/checks/check.ts';
import { once } from '../../../src/checks/once.ts';

const aRun = (): Pick<CheckContext, 'vantages'> => ({ vantages: {} as CheckContext['vantages'] });

function counter(): { work: () => Promise<number>; made: () => number } {
  let count = 0;
  return { work: async () => ++count, made: () => count };
}

describe('once', () => {
  it('measures once for all checks of a run, and again for another run', async () => {
    const { work, made } = counter();
    const run = aRun();
    const both = await Promise.all([once(run, 'a', work), once({ ...run }, 'a', work)]);
    expect([...both, await once(aRun(), 'a', work)]).toEqual([1, 1, 2]);
    expect(made()).toBe(2);
  });

  it('keeps measurements of other names apart', async () => {
    const { work } = counter();
    const run = aRun();
    expect([await once(run, 'a', work), await once(run, 'b', work)]).toEqual([1, 2]);
  });

  it('measures again once what there is is too old, but never twice at a time', async () => {
    const { work } = counter();
    const run = aRun();
    const slow = async (): Promise<number> => {
      await sleep(20);
      return work();
    };
    expect(await Promise.all([once(run, 'a', slow, 0), once(run, 'a', slow, 0)])).toEqual([1, 1]);
    expect(await once(run, 'a', slow, 60_000)).toBe(1);
    expect(await once(run, 'a', slow, 0)).toBe(2);
  });

  it('measures again after one that threw', async () => {
    const run = aRun();
    await expect(once(run, 'a', () => Promise.reject(new Error('no answer')))).rejects.toThrow('no answer');
    expect(await once(run, 'a', async () => 'answer')).toBe('answer');
  });
});

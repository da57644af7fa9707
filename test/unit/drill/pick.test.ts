import { describe, expect, it } from 'vitest';
import { pick } from '../../../src/drill/practice.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith({ grafana: false }));

describe('the fault to be found', () => {
  it('is the same for everybody with the same seed, and another for other seeds', () => {
    const names = Array.from({ length: 40 }, (_, seed) => pick(plan, { seed }).name);
    expect(names).toEqual(Array.from({ length: 40 }, (_, seed) => pick(plan, { seed }).name));
    expect(new Set(names).size).toBeGreaterThan(15);
  });

  it.each([1, 2, 3])('is of the difficulty asked for (%s)', (difficulty) => {
    for (let seed = 0; seed < 30; seed += 1) expect(pick(plan, { difficulty, seed }).difficulty).toBe(difficulty);
  });

  it('is none of a lab that lacks what it breaks', () => {
    const bare = { ...plan, services: plan.services.filter(({ kind }) => kind === 'firewall') };
    expect(() => pick(bare, { seed: 1 })).toThrow(/no fault/);
  });
});

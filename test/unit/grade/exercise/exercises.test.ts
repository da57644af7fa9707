import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { adaptations } from '../../../../src/grade/adapt/all.ts';
import { exerciseNames, loadExercise } from '../../../../src/grade/exercise/load.ts';
import { parametersFor } from '../../../../src/grade/exercise/parameters.ts';
import { measures } from '../../../../src/grade/measures/all.ts';
import { knownSubmissions } from '../../../../src/grade/variants.ts';

const names = await exerciseNames();

describe.each(names)('the exercise %s', (name) => {
  test('is consistent, and its measures take what they are told', async () => {
    const exercise = await loadExercise(name);
    expect(exercise.name).toBe(name);
    for (const check of exercise.checks) {
      const measure = measures[check.measure];
      expect(measure, `${check.id}: there is no measure ${check.measure}`).toBeDefined();
      expect(measure?.options.safeParse(check.with).error, check.id).toBeUndefined();
    }
    for (const adaptation of exercise.adaptations) expect([...adaptations.keys()]).toContain(adaptation);
  });

  test('has points that add up to 100, a README, a starter and a solution', async () => {
    const exercise = await loadExercise(name);
    expect(exercise.checks.reduce((sum, { points }) => sum + points, 0)).toBe(100);
    expect(existsSync(join(exercise.folder, 'README.md'))).toBe(true);
    expect(existsSync(join(exercise.folder, 'starter'))).toBe(true);
    expect(existsSync(join(exercise.folder, 'solution'))).toBe(true);
  });

  test('has at least five wrong variants and three that are right in another way', async () => {
    const exercise = await loadExercise(name);
    const known = await knownSubmissions(exercise, parametersFor(exercise, undefined, 'x'));
    const variants = known.filter((one) => one.name.startsWith('variants/'));
    expect(variants.filter(({ declared }) => declared.right).length).toBeGreaterThanOrEqual(3);
    expect(variants.filter(({ declared }) => !declared.right).length).toBeGreaterThanOrEqual(5);
    const ids = new Set(exercise.checks.map(({ id }) => id));
    for (const { name: variant, declared } of variants) {
      expect(declared.right, variant).toBe(declared.percent === 100);
      expect(
        declared.failed.filter((id) => !ids.has(id)),
        variant,
      ).toEqual([]);
    }
  });
});

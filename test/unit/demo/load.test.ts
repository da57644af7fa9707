import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checksFor } from '../../../src/checks/all.ts';
import { claims } from '../../../src/demo/claims/all.ts';
import { demoNames, loadDemo, readDemo } from '../../../src/demo/load.ts';
import type { UserError } from '../../../src/errors.ts';
import { faultsFor } from '../../../src/faults/break.ts';
import { loadLab } from '../../../src/life/labs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { settingsWith } from '../plan/settings.ts';

describe('demos', async () => {
  const names = await demoNames();

  test('are found in the folders of their labs', () => {
    const files = readdirSync('labs', { recursive: true, encoding: 'utf8' }).filter((file) =>
      /demos\/.*\.yml$/.test(file),
    );
    expect(names).toHaveLength(files.length);
    expect(names.length).toBeGreaterThan(0);
  });

  test.each(names)('%s names labs, checks, claims and faults that there are', async (name) => {
    const demo = await loadDemo(name);
    const labs = await Promise.all(
      demo.labs.map(async (lab) => [lab, makePlan(await loadLab(lab), settingsWith())] as const),
    );
    for (const step of [...demo.steps, ...demo.afterwards]) {
      const plan = labs.find(([lab]) => lab === (step.on ?? demo.labs[0]))?.[1];
      if (plan === undefined) throw new Error(`no lab ${step.on ?? ''}`);
      const faults = faultsFor(plan).map((fault) => fault.name);
      const provable = [...checksFor(plan), ...claims].map(({ id }) => id);
      if (step.prove !== undefined) expect(provable).toContain(step.prove);
      if (step.wait?.includes('.') === true) expect(provable).toContain(step.wait);
      if (step.break !== undefined) expect(faults).toContain(step.break);
      if (step.fix !== undefined) expect(faults).toContain(step.fix);
    }
  });

  test('one that there is not is refused, with the nearest name', async () => {
    await expect(loadDemo('plaintext-behind-balancer')).rejects.toMatchObject({
      code: 'DEMO_UNKNOWN',
      problems: [{ fix: 'did you mean "plaintext-behind-the-balancer"?' }],
    });
  });
});

const demo = (steps: string): string => `title: T\nabout: A\nlabs: [secured-monitored]\nsteps:\n${steps}\n`;

test.each([
  ['a step that is two', demo('  - { say: a, run: b }'), 5],
  ['a step that is nothing', demo('  - { within: 3 }'), 5],
  ['a key that there is not', demo('  - { sya: a }'), 5],
  ['no steps', 'title: T\nabout: A\nlabs: [x]\nsteps: []\n', 4],
])('%s is refused with its place', (_, text, line) => {
  let problems: UserError['problems'] = [];
  try {
    readDemo(text, 'a.yml');
  } catch (error) {
    problems = (error as UserError).problems;
  }
  expect(problems[0]?.where).toMatchObject({ file: 'a.yml', line });
});

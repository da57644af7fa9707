import { describe, expect, it, test } from 'vitest';
import { expectedChecks } from '../../../src/drill/expected.ts';
import { faults } from '../../../src/faults/all.ts';
import { parts } from '../../../src/faults/fault.ts';
import { faultsFor } from '../../../src/faults/break.ts';
import { labNames, loadLab } from '../../../src/life/labs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { settingsWith } from '../plan/settings.ts';

const plans = await Promise.all(
  (await labNames()).map(async (name) => makePlan(await loadLab(name), settingsWith({ grafana: false }))),
);
const named = faults.map((fault) => [fault.name, fault] as const);
/** Every fault in every lab that has what it breaks. */
const placed = plans.flatMap((plan) =>
  faultsFor(plan).map((fault) => [fault.name, plan.lab.name, fault, plan] as const),
);

describe('the faults', () => {
  it('are at least thirty, in every part, each with a name of its own', () => {
    expect(faults.length).toBeGreaterThanOrEqual(30);
    expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
    expect(new Set(faults.map(({ part }) => part))).toEqual(new Set(parts));
  });

  it('come in the order of the parts', () => {
    const order = faults.map(({ part }) => parts.indexOf(part));
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  test.each(named)('%s says all that a fault has to say', (name, fault) => {
    expect(name).toMatch(/^(firewall|tls|balancer|server|database|monitoring|network)-[a-z0-9-]+$/);
    expect(new Set(fault.hints).size).toBe(3);
    expect([fault.title, fault.visitor, ...fault.hints].every((words) => words.length > 5)).toBe(true);
    expect(fault.title).not.toMatch(/\.$/);
    expect(fault.alert.withinSeconds).toBeGreaterThan(0);
  });

  test('fit a lab, each of them', () => {
    const fitting = new Set(placed.map(([name]) => name));
    expect(named.map(([name]) => name).filter((name) => !fitting.has(name))).toEqual([]);
  });

  test.each(named)('%s declares nothing that no lab has where it fits', (name, fault) => {
    const those = placed.flatMap(([placedName, , , plan]) => (placedName === name ? [plan] : []));
    const idle = [...fault.checks, ...(fault.also ?? [])].filter((glob) =>
      those.every((plan) => expectedChecks(plan, { checks: [glob] }).length === 0),
    );
    expect(idle).toEqual([]);
  });

  test.each(placed)(
    '%s declares checks that %s has, and touches things that it has, each once',
    (_, __, fault, plan) => {
      expect(expectedChecks(plan, fault).length).toBeGreaterThan(0);
      const touches = fault.changes(plan).map((change) => change.touches);
      expect(touches.length).toBeGreaterThan(0);
      expect(new Set(touches).size).toBe(touches.length);
      const services = plan.services.map(({ name }) => name);
      for (const thing of touches) expect(services).toContain(thing.split('/')[0]);
    },
  );
});

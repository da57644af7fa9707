import { expect, test } from 'vitest';
import { checksFor } from '../../../src/checks/all.ts';
import { expectedChecks } from '../../../src/drill/expected.ts';
import { faultsFor } from '../../../src/faults/break.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { breakersFor } from '../../e2e/breakers/index.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith({ grafana: false }));

test('every check is broken by a fault, or by a breaker of its own', () => {
  const drilled = faultsFor(plan).flatMap((fault) => expectedChecks(plan, fault));
  const broken = [...new Set(drilled), ...breakersFor(plan).map(({ check }) => check)];
  // Without Grafana's image its check is skipped: there is nothing to break.
  const checks = checksFor(plan)
    .map(({ id }) => id)
    .filter((id) => id !== 'monitoring.grafana');
  expect(broken.sort()).toEqual(checks.sort());
});

test('a lab has at least 45 checks', () => {
  expect(checksFor(plan).length).toBeGreaterThanOrEqual(45);
});

import { expect, test } from 'vitest';
import { checksFor } from '../../../../src/checks/all.ts';
import { plannedDashboards, wrongDashboards } from '../../../../src/checks/monitoring/grafana.ts';
import { makePlan } from '../../../../src/plan/plan.ts';
import { referenceLab, settingsWith } from '../../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith());
const planned = plannedDashboards(plan);

test('every dashboard of the plan is expected, by its title', () => {
  expect(planned.length).toBeGreaterThanOrEqual(6);
  const { expected = '' } = checksFor(plan).find(({ id }) => id === 'monitoring.grafana') ?? {};
  for (const { title } of planned) expect(expected).toContain(`“${title}”`);
});

test('one that is missing or called otherwise is named, and others beside them do not matter', () => {
  expect(wrongDashboards(planned, [...planned, { uid: 'mine', title: 'Mine' }])).toEqual([]);
  expect(wrongDashboards(planned, planned.slice(1))).toEqual([
    `“${planned[0]?.title}” (${planned[0]?.uid}) is missing`,
  ]);
  const renamed = planned.map(({ uid, title }, index) => ({ uid, title: index === 0 ? 'Other' : title }));
  expect(wrongDashboards(planned, renamed)).toEqual([
    `${planned[0]?.uid} is called “Other”, not “${planned[0]?.title}”`,
  ]);
  expect(wrongDashboards(planned, [])).toHaveLength(planned.length);
});

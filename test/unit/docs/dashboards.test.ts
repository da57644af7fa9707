import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dashboards } from '../../../src/plan/dashboards/all.ts';
import { referenceLab } from '../plan/settings.ts';

test('docs/dashboards.md has a section for every dashboard, and its question', () => {
  const page = readFileSync('docs/dashboards.md', 'utf8');
  const pages = dashboards(referenceLab);
  expect([...page.matchAll(/^## (.+)$/gm)].map(([, title]) => title)).toEqual(pages.map(({ title }) => title));
  for (const { question } of pages) expect(page).toContain(`| ${question.replaceAll('’', "'")} |`);
});

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checksFor } from '../../../src/checks/all.ts';
import { requirements, type Requirement } from '../../../src/checks/check.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const headings: Record<Requirement, string> = {
  firewalls: 'Firewalls',
  tls: 'Certificate and TLS',
  balancing: 'Balancing',
  servers: 'Servers',
  database: 'Database',
  monitoring: 'Monitoring',
  hardening: 'Hardening',
};

function tables(): string {
  const checks = checksFor(makePlan(referenceLab, settingsWith()));
  const sections = requirements.map((requirement) => {
    const rows = checks
      .filter((check) => check.requirement === requirement)
      .map(({ id, points, title }) => `| \`${id}\` | ${points} | ${title} |`);
    return [
      `### ${headings[requirement]}`,
      '',
      '| check | points | what must be true |',
      '|---|---|---|',
      ...rows,
    ].join('\n');
  });
  return sections.join('\n\n');
}

test('docs/verify.md lists the checks of the reference lab', async () => {
  const page = readFileSync('docs/verify.md', 'utf8');
  const [, before, after] = /^([^]*<!-- checks: begin[^\n]*-->\n)[^]*(\n<!-- checks: end -->[^]*)$/.exec(page) ?? [];
  expect(before, 'docs/verify.md has no place for the list').toBeDefined();
  // `npx vitest run test/unit/docs/checks.test.ts --update` writes it anew.
  await expect(`${before}\n${tables()}\n${after}`).toMatchFileSnapshot('../../../docs/verify.md');
});

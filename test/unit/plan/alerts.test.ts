import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { ruleGroups } from '../../../src/plan/alerts/all.ts';
import { isAlert, runbookOf } from '../../../src/plan/alerts/rule.ts';
import { labNames, loadLab } from '../../../src/life/labs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { renderTemplate } from '../../../src/project/render.ts';
import { parse } from 'yaml';
import { referenceLab, settingsWith } from './settings.ts';

const plan = makePlan(referenceLab, settingsWith());
const scrapes = plan.services.flatMap((service) => service.scrapes);
const groups = ruleGroups({ lab: plan.lab, scrapes });
const alerts = groups.flatMap(({ rules }) => rules.filter(isAlert));
const otherLabs = await Promise.all((await labNames()).map((name) => loadLab(name)));
const ofAllLabs = otherLabs.flatMap((lab) => {
  const { services } = makePlan(lab, settingsWith());
  return ruleGroups({ lab, scrapes: services.flatMap((service) => service.scrapes) }).flatMap(({ rules }) =>
    rules.filter(isAlert),
  );
});

it('has a runbook for every alert', () => {
  const page = readFileSync('docs/runbooks.md', 'utf8');
  const sections = [...page.matchAll(/^### (\w+)$/gm)].map(([, name]) => name);
  // The inbox writes that one itself.
  expect(new Set(sections)).toEqual(new Set([...ofAllLabs.map(({ alert }) => alert), 'MonitoringSilent']));
  expect(runbookOf('SiteDown')).toBe('docs/runbooks.md#sitedown');
});

it('says of each alert what to know, once', () => {
  for (const { alert, summary, description } of alerts) {
    expect(summary, alert).not.toBe('');
    expect(description, alert).not.toBe('');
  }
  const expressions = alerts.map(({ alert, expr }) => `${alert} ${expr}`);
  expect(new Set(expressions).size).toBe(expressions.length);
});

it('is emitted as YAML that Prometheus reads, with for, severity and runbook', () => {
  const files = plan.files.filter(({ path }) => path.startsWith('prometheus/rules/'));
  expect(files.length).toBe(groups.length);
  const emitted = files.flatMap(({ template, data }) => {
    const file = parse(renderTemplate(template, data)) as { groups: { rules: Record<string, unknown>[] }[] };
    return file.groups.flatMap(({ rules }) => rules);
  });
  expect(emitted.length).toBe(groups.flatMap(({ rules }) => rules).length);
  for (const rule of emitted.filter((one) => 'alert' in one)) {
    expect(rule).toMatchObject({
      for: expect.stringMatching(/^\d+s$/) as string,
      labels: { severity: expect.stringMatching(/^(critical|warning|info)$/) as string },
      annotations: { runbook: runbookOf(String(rule['alert'])) },
    });
  }
});

it('has no rule about what a lab has not', () => {
  const services = Object.fromEntries(
    Object.entries(referenceLab.services).filter(([, { kind }]) => kind === 'firewall' || kind === 'prometheus'),
  );
  const few = ruleGroups({ lab: { ...referenceLab, services }, scrapes: [] });
  const expressions = few.flatMap(({ rules }) => rules.map(({ expr }) => expr)).join('\n');
  expect(expressions).not.toMatch(/haproxy|nginx|mysql|probe_|alertmanager|http_request/);
});

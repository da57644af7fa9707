import { readFileSync } from 'node:fs';
import * as units from '@grafana/grafana-foundation-sdk/units';
import { describe, expect, it } from 'vitest';
import type { Lab } from '../../../src/lab/schema.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { dashboardJson } from '../../../src/project/dashboards/dashboard.ts';
import { renderTemplate } from '../../../src/project/render.ts';
import { emittedDashboards, filled, metricsIn, type Dashboard, type Panel } from '../../support/dashboards.ts';
import { parse } from 'yaml';
import { referenceLab, settingsWith } from '../plan/settings.ts';

const emitted = await emittedDashboards(makePlan(referenceLab, settingsWith()));
const all = emitted.map(({ dashboard }): [string, Dashboard] => [dashboard.uid, dashboard]);
const tiled = (dashboard: Dashboard): Panel[] => dashboard.panels.filter(({ type }) => type !== 'row');
const measured = (dashboard: Dashboard): Panel[] => tiled(dashboard).filter(({ type }) => type !== 'text');

it('are all of the reference lab’s', () => {
  expect(all.map(([uid]) => uid)).toEqual([
    'lab-request-path',
    'lab-service-level',
    'lab-firewalls',
    'lab-balancer',
    'lab-servers',
    'lab-database',
    'lab-monitoring',
  ]);
  expect(new Set(all.map(([, { title }]) => title)).size).toBe(all.length);
  for (const { path, dashboard } of emitted) expect(path).toBe(`grafana/dashboards/${dashboard.uid}.json`);
});

describe.each(all)('%s, as Grafana provisions it', (_, dashboard) => {
  it('has an identity, the schema of Grafana 11, and leads to the others', () => {
    // Grafana refuses a uid that is longer, and finds no dashboard without a title.
    expect(dashboard.uid).toMatch(/^[a-z-]{1,40}$/);
    expect(dashboard.title).not.toBe('');
    expect(dashboard.schemaVersion).toBe(41);
    expect(dashboard.editable).toBe(false);
    expect(dashboard.links).toMatchObject([{ type: 'dashboards', tags: dashboard.tags }]);
    expect(dashboard).not.toHaveProperty('id');
  });

  it('has panels with ids of their own, on a grid without overlap or gap', () => {
    const ids = dashboard.panels.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const taken = new Map<string, string>();
    for (const { title, gridPos } of dashboard.panels) {
      expect(gridPos.x + gridPos.w, title).toBeLessThanOrEqual(24);
      // Narrower, a legend or a tile's name cannot be read.
      expect(gridPos.w, title).toBeGreaterThanOrEqual(4);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.get(`${x},${y}`), `${title} lies on another panel at ${x},${y}`).toBeUndefined();
          taken.set(`${x},${y}`, title);
        }
    }
    const height = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
    expect(taken.size).toBe(24 * height);
  });

  it('says what question it answers and what to look for', () => {
    const [first] = dashboard.panels;
    expect(first?.type).toBe('text');
    expect(first?.options?.content).toMatch(/^\*\*.+\?\*\* .{40,}/);
  });

  it('has panels that say what they are, in a unit, and ask the provisioned data source', () => {
    const file = parse(renderTemplate('grafana/datasource.yml.hbs', { prometheusUrl: '', scrapeInterval: '2s' })) as {
      datasources: { uid: string; type: string }[];
    };
    const { uid, type } = file.datasources[0] ?? {};
    for (const panel of measured(dashboard)) {
      expect(panel.title).not.toBe('');
      expect(panel.description, panel.title).toMatch(/\.$/);
      expect(Object.values(units), panel.title).toContain(panel.fieldConfig?.defaults.unit);
      expect(panel.datasource).toEqual({ uid, type });
      expect(panel.targets?.length, panel.title).toBeGreaterThan(0);
      for (const { datasource } of panel.targets ?? []) expect(datasource).toEqual({ uid, type });
      expect(new Set(panel.targets?.map(({ refId }) => refId)).size).toBe(panel.targets?.length);
    }
    expect(new Set(measured(dashboard).map(({ title }) => title)).size).toBe(measured(dashboard).length);
  });

  it('has queries whose variables and macros Grafana knows, over time in graphs and now elsewhere', () => {
    const variables = Object.fromEntries((dashboard.templating.list ?? []).map(({ name }) => [name, '.*']));
    for (const { title, type, targets = [] } of measured(dashboard)) {
      for (const { expr, legendFormat, instant, range, format } of targets) {
        expect(() => filled(expr, variables), title).not.toThrow();
        expect(metricsIn(expr).length, expr).toBeGreaterThan(0);
        expect({ instant, range }, title).toEqual(
          type === 'timeseries' ? { instant: false, range: true } : { instant: true, range: false },
        );
        if (type === 'table') expect(format).toBe('table');
        else expect(legendFormat, title).not.toBe('');
        // A rate over a fixed time is empty where it is shorter than the lab's scrape interval.
        expect(expr, title).not.toMatch(/\[\d/);
        // What falls back to a number is never empty, and so is never found dead.
        expect(expr, title).not.toMatch(/\bor vector\(/);
      }
    }
  });

  it('has steps that begin anywhere and rise', () => {
    for (const { title, fieldConfig } of measured(dashboard)) {
      const values = (fieldConfig?.defaults.thresholds?.steps ?? []).map(({ value }) => value ?? -Infinity);
      expect(values, title).toEqual([...new Set(values)].sort((one, other) => one - other));
      if (values.length > 0) expect(values[0]).toBe(-Infinity);
    }
  });

  it('offers the services of the lab to choose from, and uses what it offers', () => {
    const text = JSON.stringify(dashboard.panels);
    for (const { name, query, options } of dashboard.templating.list ?? []) {
      expect(text).toContain(`$${name}`);
      for (const service of query.split(',')) expect(referenceLab.services).toHaveProperty(service);
      expect(options.map(({ value }) => value)).toEqual(['$__all', ...query.split(',')]);
    }
  });
});

it('are the same bytes for the same lab', async () => {
  const again = await emittedDashboards(makePlan(referenceLab, settingsWith({ block: '10.90.1.0/24' })));
  expect(again.map(({ text }) => text)).toEqual(emitted.map(({ text }) => text));
  for (const { text, page } of emitted) expect(dashboardJson(page)).toBe(text);
});

describe('of a lab that has other services', () => {
  const renamed = (name: string): string => name.replace(/^(web|db-|fw-)/, 'x$1');
  const text = readFileSync('labs/secured-monitored/lab.yml', 'utf8');

  it('name those', async () => {
    const { readLab } = await import('../../../src/lab/load.ts');
    const other = readLab(
      text.replace(/\b(web[123]|db-primary|db-replica|fw-(?:edge|app|data))\b/g, renamed),
      'lab.yml',
    );
    const texts = (await emittedDashboards(makePlan(other, settingsWith()))).map(({ text: json }) => json);
    expect(texts.join('')).toMatch(/xweb1/);
    for (const name of Object.keys(referenceLab.services).filter((service) => renamed(service) !== service))
      expect(texts.join(''), name).not.toMatch(new RegExp(`(?<![\\w-])${name}(?![\\w-])`));
  });

  const without = async (...kinds: string[]): Promise<{ uids: string[]; exprs: string }> => {
    const services = Object.entries(referenceLab.services).filter(([, { kind }]) => !kinds.includes(kind));
    const lab: Lab = { ...referenceLab, services: Object.fromEntries(services), endpoints: {}, flows: {} };
    const few = (await emittedDashboards(makePlan(lab, settingsWith()))).map(({ dashboard }) => dashboard);
    const exprs = few.flatMap((one) => measured(one).flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)));
    return { uids: few.map(({ uid }) => uid), exprs: exprs.join('\n') };
  };

  it.each([
    { gone: ['prober'], never: /probe_/, missing: [] },
    { gone: ['balancer'], never: /haproxy_|tls_old|slo:/, missing: ['lab-balancer', 'lab-service-level'] },
    { gone: ['web'], never: /nginx_|http_request|db_query|app_clock|slo:/, missing: ['lab-service-level'] },
    { gone: ['web', 'database'], never: /mysql_|nginx_|http_request/, missing: ['lab-database', 'lab-service-level'] },
    { gone: ['alertmanager', 'inbox'], never: /alertmanager_|inbox_|Watchdog/, missing: [] },
  ])('leave out what $gone would measure', async ({ gone, never, missing }) => {
    const { uids, exprs } = await without(...gone);
    expect(exprs).not.toMatch(never);
    expect(
      all
        .map(([uid]) => uid)
        .filter((uid) => !uids.includes(uid))
        .sort(),
    ).toEqual(missing.sort());
  });
});

it('metrics are told from functions, labels and words', () => {
  expect(
    metricsIn(
      'sum by (instance, rule) (rate(a_total{x="b",y=~"c|d"}[$__rate_interval])) / on (instance) max(slo:e:f1h)',
    ),
  ).toEqual(['a_total', 'slo:e:f1h']);
  expect(metricsIn('min by (instance) ({__name__=~"up|x_up",job="y"}) and z or time() - 3')).toEqual([
    'up',
    'x_up',
    'z',
  ]);
});

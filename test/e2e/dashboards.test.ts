import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type Docker from 'dockerode';
import { connect } from '../../src/engine/docker.ts';
import { dashboards } from '../../src/plan/dashboards/all.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { Plan } from '../../src/plan/types.ts';
import { startTraffic, type Traffic } from '../../src/traffic/traffic.ts';
import {
  emittedDashboards,
  filled,
  metricsIn,
  type Dashboard,
  type Panel,
  type Target,
} from '../support/dashboards.ts';
import { until } from '../support/lab.ts';
import { referenceLab, settingsWith } from '../unit/plan/settings.ts';
import { bringUp, oneLab, takeDown } from '../support/one-lab.ts';

const name = oneLab('e2e-dashboards');

// With Grafana in the plan, whether its image can be had here or not: Prometheus is what is asked.
const pages = await emittedDashboards(makePlan(referenceLab, settingsWith()));

let docker: Docker;
let plan: Plan;
let traffic: Traffic;

beforeAll(async () => {
  docker = await connect();
  plan = (await bringUp(name)).plan;
  traffic = await startTraffic(docker, plan, { rate: 20 });
  await until('every server has visitors, and writes have come to both databases', 60_000, visited);
});

afterAll(async () => {
  const seen = await traffic?.stop();
  await takeDown(name);
  expect(seen?.errors, 'visitors saw errors: the lab was not well').toBe(0);
});

interface Series {
  metric: Record<string, string>;
  value?: [number, string];
  values?: [number, string][];
}

/** Asks as Grafana does: POST, over a range for graphs. @throws what Prometheus says against the query */
async function ask(path: 'query' | 'query_range', expr: string): Promise<Series[]> {
  const { url } = plan.endpoints.find(({ service }) => plan.lab.services[service]?.kind === 'prometheus') ?? {
    url: '',
  };
  const end = Date.now() / 1000;
  const range = { start: String(end - 30), end: String(end), step: '2' };
  const body = new URLSearchParams({ query: expr, ...(path === 'query_range' ? range : {}) });
  const answer = await fetch(`${url}api/v1/${path}`, { method: 'POST', body });
  const { status, error, data } = (await answer.json()) as {
    status: string;
    error?: string;
    data?: { result: Series[] };
  };
  if (status !== 'success') throw new Error(`${error}, to ${expr}`);
  return data?.result ?? [];
}

/** The series with a number in them: NaN, as of 0 by 0, draws nothing. */
const drawn = (series: readonly Series[]): Series[] =>
  series.filter(({ value, values = [] }) => [...(value ? [value] : []), ...values].some(([, text]) => text !== 'NaN'));

/** Queries are alive once rates and quantiles are: each server has answered visitors within the window. */
async function visited(): Promise<boolean> {
  const rate = async (expr: string): Promise<number> => (await ask('query', `${expr} > 0`)).length;
  const web = Object.values(plan.lab.services).filter(({ kind }) => kind === 'web').length;
  const served = await rate('sum by (instance) (rate(http_requests_total{route!="/healthz"}[10s]))');
  const queried = await rate('sum by (database) (rate(db_query_duration_seconds_count{outcome="ok"}[10s]))');
  // Recorded every 15 s. What latency there is, is known a moment later than who has answered.
  const recorded = await rate('count(slo:availability_errors:ratio_rate1h12m >= 0)');
  const timed = await rate('count(slo:latency_errors:ratio_rate1h12m >= 0)');
  return served === web && queried === 2 && recorded === 1 && timed === 1;
}

/** What a target's query is with all that can be chosen, and with each by itself. */
function choices({ templating }: Dashboard, { expr }: Target): string[] {
  const used = (templating.list ?? []).filter((variable) => expr.includes(`$${variable.name}`));
  const [variable] = used;
  if (variable === undefined) return [filled(expr, {})];
  const values = variable.query.split(',');
  return [values.join('|'), ...values].map((value) => filled(expr, { [variable.name]: value }));
}

/** What is wrong with a panel's answers. */
async function problems(dashboard: Dashboard, panel: Panel): Promise<string[]> {
  const found = (panel.targets ?? []).flatMap((target) =>
    choices(dashboard, target).map(async (expr) => {
      const series = drawn(await ask(target.range ? 'query_range' : 'query', expr));
      if (series.length === 0) return [`empty: ${expr}`];
      const names = [...target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)].map(([, label = '']) => label);
      return series.flatMap(({ metric }) =>
        names
          .filter((label) => !metric[label])
          .map((label) => `the legend names ${label}, which is not in ${JSON.stringify(metric)}`),
      );
    }),
  );
  const named = (panel.targets ?? []).flatMap(({ expr }) => metricsIn(expr));
  const dead = [...new Set(named)].map(async (metric) =>
    (await ask('query', metric)).length === 0 ? [`no such metric: ${metric}`] : [],
  );
  return (await Promise.all([...found, ...dead])).flat();
}

const panels = pages.flatMap(({ dashboard }) =>
  dashboard.panels
    .filter(({ type }) => type !== 'row' && type !== 'text')
    .map((panel): [string, Dashboard, Panel] => [`${dashboard.title}: ${panel.title}`, dashboard, panel]),
);

describe('every panel has an answer in a lab with visitors', () => {
  test.each(panels)('%s', async (_, dashboard, panel) => {
    expect(await problems(dashboard, panel)).toEqual([]);
  });
});

test('a list shows columns that its answer has', async () => {
  const lists = dashboards(referenceLab).flatMap(({ sections }) => sections.flatMap(({ lines }) => lines.flat()));
  for (const part of lists) {
    if (part.kind !== 'list') continue;
    const series = await ask('query', filled(part.expr, { firewall: '.*' }));
    // Watchdog, which alone fires in a healthy lab, is about no instance.
    const labels = part.labels.filter((label) => !(part.expr.startsWith('ALERTS') && label === 'instance'));
    for (const label of labels)
      expect(
        series.some(({ metric }) => metric[label] !== undefined),
        `${part.title}: no series has the label ${label}`,
      ).toBe(true);
  }
});

describe('a panel that is dead is found', () => {
  const [, dashboard, panel] = panels[0] as (typeof panels)[number];
  const [target] = panel.targets ?? [];
  const asking = (expr: string, legendFormat = ''): Panel => ({
    ...panel,
    targets: [{ ...(target as Target), expr, legendFormat }],
  });

  test.each([
    {
      what: 'a metric that is not there',
      expr: 'sum(rate(haproxy_requests_totals[$__rate_interval]))',
      says: /^empty/,
    },
    { what: 'a label that is not so', expr: 'mysql_up{instance="db-tertiary"}', says: /^empty/ },
    { what: 'one wrong name beside right ones', expr: 'up or haproxy_upp', says: /no such metric: haproxy_upp/ },
    { what: 'nothing but NaN', expr: 'up * 0 / 0', says: /^empty/ },
  ])('$what', async ({ expr, says }) => {
    const seen = await problems(dashboard, asking(expr));
    expect(seen.join('\n')).toMatch(says);
  });

  test('a legend of a label that was summed away', async () => {
    expect(await problems(dashboard, asking('sum(up)', '{{instance}}'))).toEqual([
      expect.stringContaining('the legend names instance'),
    ]);
  });

  test('a query that Prometheus refuses', async () => {
    await expect(problems(dashboard, asking('sum by (rate(up)'))).rejects.toThrow(/parse error/);
  });
});

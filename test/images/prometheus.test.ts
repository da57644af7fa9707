import type { StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderTemplate } from '../../src/project/render.ts';
import { imageFor } from '../support/images.ts';
import { eventually, Hardened, scratch } from './hardened.ts';

let remove: () => Promise<void>;
let prometheus: StartedTestContainer;

const data = {
  scrapeInterval: '1s',
  evaluationInterval: '1s',
  jobs: [
    {
      job: 'prometheus',
      path: '/metrics',
      targets: [
        { address: 'localhost:9090', service: 'itself', zone: 'ops' },
        { address: 'localhost:9', service: 'nobody', zone: 'web' },
      ],
    },
  ],
  siteJobs: [
    {
      job: 'site-every-4s',
      interval: '4s',
      prober: 'localhost:9',
      targets: [{ url: 'https://www.foobar.com/', module: 'http_2xx', name: 'page' }],
    },
  ],
  ruleFiles: ['rules.yml'],
  alertmanagers: ['localhost:9'],
};
const rules = {
  name: 'reachability',
  everySeconds: null,
  rules: [
    {
      record: null,
      alert: 'TargetDown',
      expr: 'up{job!="site"} == 0',
      forSeconds: 1,
      labels: { severity: 'warning' },
      summary: '{{ $labels.instance }} does not answer for {{ $labels.job }}',
      description: 'It is away.',
      runbook: 'docs/runbooks.md#targetdown',
    },
    { record: 'up:count', expr: 'count(up)' },
  ],
};
const config = renderTemplate('prometheus/prometheus.yml.hbs', data);

beforeAll(async () => {
  const { folder, remove: removeFolder } = await scratch();
  remove = removeFolder;
  prometheus = await new Hardened(await imageFor('prometheus'), 10040, folder)
    .withFiles('/etc/lab', { 'prometheus.yml': config, 'rules.yml': renderTemplate('prometheus/rules.yml.hbs', rules) })
    .withCommand(['--web.external-url=http://127.0.0.1:9999'])
    .withExposedPorts(9090)
    .start();
});

afterAll(async () => {
  await prometheus?.stop({ removeVolumes: true });
  await remove?.();
});

function get(path: string): Promise<Response> {
  return fetch(`http://${prometheus.getHost()}:${prometheus.getMappedPort(9090)}${path}`);
}

type Labels = Record<string, string>;

async function read<T>(path: string): Promise<T> {
  return ((await (await get(`/api/v1/${path}`)).json()) as { data: T }).data;
}

async function query(expression: string): Promise<{ metric: Labels; value: [number, string] }[]> {
  const data = await read<{ result: { metric: Labels; value: [number, string] }[] }>(
    `query?${new URLSearchParams({ query: expression })}`,
  );
  return data.result;
}

describe('what it collects', () => {
  test('carries the service’s name, its zone and its job', async () => {
    const [sample] = await eventually(async () => {
      const samples = await query('up == 1');
      return samples.length > 0 && samples;
    });
    expect(sample?.metric).toEqual({ __name__: 'up', instance: 'itself', zone: 'ops', job: 'prometheus' });
  });

  test('the site is asked for through the prober', async () => {
    const { activeTargets } = await read<{ activeTargets: { labels: Labels; scrapeUrl: string }[] }>('targets');
    const site = activeTargets.find(({ labels }) => labels['job'] === 'site');
    expect(site?.labels).toEqual({ instance: 'page', job: 'site', target: 'https://www.foobar.com/' });
    expect(site?.scrapeUrl).toBe('http://localhost:9/probe?module=http_2xx&target=https%3A%2F%2Fwww.foobar.com%2F');
  });

  test('is kept for a day, and in bounded space', async () => {
    const flags = await read<Labels>('status/flags');
    expect(flags).toMatchObject({ 'storage.tsdb.retention.time': '1d', 'storage.tsdb.retention.size': '256MiB' });
    expect(flags['web.external-url']).toBe('http://127.0.0.1:9999');
  });
});

test('without a prober nothing is asked through one', () => {
  expect(renderTemplate('prometheus/prometheus.yml.hbs', { ...data, siteJobs: [] })).not.toContain('/probe');
});

describe('alert rules', () => {
  test('are sound', async () => {
    const { output, exitCode } = await prometheus.exec([
      'promtool',
      'check',
      'config',
      '--lint-fatal',
      '/etc/lab/prometheus.yml',
    ]);
    expect(output).toContain('2 rules found');
    expect(exitCode).toBe(0);
  });

  test('a target that does not answer fires', async () => {
    const alert = await eventually(async () => {
      const { alerts } = await read<{ alerts: { labels: Labels; annotations: Labels; state: string }[] }>('alerts');
      return alerts.find(({ labels, state }) => labels['instance'] === 'nobody' && state === 'firing');
    }, 20_000);
    expect(alert.labels['alertname']).toBe('TargetDown');
    expect(alert.annotations['summary']).toBe('nobody does not answer for prometheus');
  });
});

describe('its pages', () => {
  test.each(['/graph', '/alerts', '/targets'])('%s leads to the pages that Debian has', async (path) => {
    expect(await (await get(path)).text()).toContain("location.replace('/classic'");
  });

  test('need nothing from elsewhere, and every script and style is there', async () => {
    const html = await (await get('/classic/graph')).text();
    const files = [...html.matchAll(/(?:src|href)="([^"]+\.(?:js|css)[^"]*)"/g)].map(([, file]) => file as string);
    expect(files.length).toBeGreaterThan(10);
    for (const file of files) {
      expect(file).toMatch(/^\/classic\/static\//);
      expect({ file, status: (await get(file)).status }).toEqual({ file, status: 200 });
    }
  });

  test('the pop-up library is one that a browser can run', async () => {
    const script = await (await get('/classic/static/popper.js/popper.min.js')).text();
    expect(script).not.toMatch(/export\s*(default|\{)/);
  });
});

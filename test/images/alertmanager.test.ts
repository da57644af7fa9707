import { Network, type StartedNetwork, type StartedTestContainer } from 'testcontainers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Message } from '../../images/inbox/app/mailbox.ts';
import { renderTemplate } from '../../src/project/render.ts';
import { imageFor } from '../support/images.ts';
import { eventually, Hardened, scratch } from './hardened.ts';

let remove: () => Promise<void>;
let network: StartedNetwork;
let inbox: StartedTestContainer;
let alertmanager: StartedTestContainer;

const config = renderTemplate('alertmanager/alertmanager.yml.hbs', {
  smarthost: 'inbox:25',
  from: 'alertmanager@www.foobar.com',
  administrators: ['admin@foobar.com', 'second@foobar.com'],
  heartbeat: 'watchdog@www.foobar.com',
  routers: [{ router: 'fw-app', zones: 'web' }],
});

beforeAll(async () => {
  const { folder, remove: removeFolder } = await scratch();
  remove = removeFolder;
  network = await new Network().start();
  inbox = await new Hardened(await imageFor('inbox'), 10060, folder)
    .withNetwork(network)
    .withNetworkAliases('inbox')
    .withExposedPorts(8025)
    .start();
  alertmanager = await new Hardened(await imageFor('alertmanager'), 10050, folder)
    .withFiles('/etc/lab', { 'alertmanager.yml': config })
    .withCommand(['--web.external-url=http://127.0.0.1:9999'])
    .withNetwork(network)
    .withExposedPorts(9093)
    .start();
});

afterAll(async () => {
  await alertmanager?.stop();
  await inbox?.stop();
  await network?.stop();
  await remove?.();
});

function url(container: StartedTestContainer, port: number, path: string): string {
  return `http://${container.getHost()}:${container.getMappedPort(port)}${path}`;
}

async function alert(labels: Record<string, string>, ended = false, lastsSeconds?: number): Promise<void> {
  const endsAt = lastsSeconds === undefined ? undefined : new Date(Date.now() + lastsSeconds * 1000).toISOString();
  const response = await fetch(url(alertmanager, 9093, '/api/v2/alerts'), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      {
        labels,
        annotations: { summary: `about ${labels['alertname']}` },
        ...(ended ? { endsAt: new Date().toISOString() } : endsAt === undefined ? {} : { endsAt }),
      },
    ]),
  });
  expect(response.status).toBe(200);
}

/** A mail whose subject contains the text; where an instance is given, one that tells of it. */
function mail(subject: string, deadline: number, instance?: string): Promise<Message> {
  const query = new URLSearchParams({ subject });
  return eventually(async () => {
    const messages = (await (await fetch(url(inbox, 8025, `/api/messages?${query}`))).json()) as Message[];
    return messages.find(({ alerts }) => instance === undefined || alerts.some((one) => one.instance === instance));
  }, deadline);
}

test('a test alert is mailed at once, to every administrator', async () => {
  await alert({ alertname: 'Drill', lab_test: 'true', instance: 'web1', severity: 'warning' });
  const message = await mail('Drill', 2000);
  expect(message.from).toBe('alertmanager@www.foobar.com');
  expect(message.to).toEqual(['admin@foobar.com', 'second@foobar.com']);
  expect(message.subject).toBe('[FIRING] Drill (1)');
  expect(message.text).toContain('FIRING Drill on web1 (warning)\nabout Drill\n');
});

test('other alerts come soon after, grouped by name and service', async () => {
  await Promise.all(['db', 'http'].map((job) => alert({ alertname: 'Fire', instance: 'web1', job })));
  const message = await mail('Fire', 5000);
  expect(message.subject).toBe('[FIRING] Fire (2)');
});

test('a mail tells programs what it is about', async () => {
  await alert({ alertname: 'Facts', lab_test: 'true', instance: 'odd & even=1', severity: 'critical' });
  const { alerts } = await mail('Facts', 2000);
  expect(alerts).toEqual([{ status: 'firing', alertname: 'Facts', instance: 'odd & even=1', severity: 'critical' }]);
});

test.each([
  [
    'a server that is down',
    { alertname: 'ServerDown', instance: 'x1' },
    { alertname: 'Held1', instance: 'x1' },
    { alertname: 'Held1', instance: 'x2' },
  ],
  [
    'the site that is down',
    { alertname: 'SiteDown', instance: 'site' },
    { alertname: 'SloAvailabilityBurn', instance: 'site' },
    { alertname: 'HstsMissing', instance: 'hsts' },
  ],
  [
    'the firewall before it',
    { alertname: 'ServerDown', instance: 'fw-app', zone: 'core' },
    { alertname: 'ServerDown', instance: 'y1', zone: 'web' },
    { alertname: 'ServerDown', instance: 'y2', zone: 'data' },
  ],
])('%s keeps back what follows from it, and nothing else', async (_, source, held, free) => {
  await alert(source);
  await mail(source.alertname, 5000, source.instance);
  await alert(held);
  await alert(free);
  await mail(free.alertname, 10_000, free.instance);
  const url9093 = url(
    alertmanager,
    9093,
    `/api/v2/alerts?filter=alertname=${held.alertname}&filter=instance=${held.instance}`,
  );
  const [state] = (await (await fetch(url9093)).json()) as { status: { state: string; inhibitedBy: string[] } }[];
  expect(state?.status.state).toBe('suppressed');
  expect(state?.status.inhibitedBy.length).toBe(1);
});

test('Watchdog is a heartbeat, and no mail; the inbox says when it stops and when it is back', async () => {
  const age = async (): Promise<number | null> =>
    ((await (await fetch(url(inbox, 8025, '/api/heartbeat'))).json()) as { ageSeconds: number | null }).ageSeconds;
  expect(await age()).toBeNull();
  const until = (seconds: number): Promise<void> => alert({ alertname: 'Watchdog', severity: 'info' }, false, seconds);
  await until(60);
  await eventually(async () => (await age()) !== null, 5000);
  // It repeats by itself for as long as the alert lasts.
  await eventually(async () => ((await age()) ?? 9) > 3);
  await eventually(async () => ((await age()) ?? 9) < 1);
  await until(0);
  const silent = await mail('[FIRING] MonitoringSilent', 40_000);
  expect(silent.alerts[0]).toMatchObject({ alertname: 'MonitoringSilent', status: 'firing' });
  await until(60);
  await mail('[RESOLVED] MonitoringSilent', 10_000);
  const all = (await (await fetch(url(inbox, 8025, '/api/messages?subject=Watchdog'))).json()) as Message[];
  expect(all).toEqual([]);
});

test('the end of an alert is mailed too', async () => {
  await alert({ alertname: 'Brief', lab_test: 'true' });
  await mail('[FIRING] Brief', 2000);
  await alert({ alertname: 'Brief', lab_test: 'true' }, true);
  expect((await mail('[RESOLVED] Brief', 10_000)).text).toContain('RESOLVED Brief');
});

test('its configuration is sound, and it talks to no cluster', async () => {
  const { exitCode } = await alertmanager.exec(['amtool', 'check-config', '/etc/lab/alertmanager.yml']);
  expect(exitCode).toBe(0);
  const status = (await (await fetch(url(alertmanager, 9093, '/api/v2/status'))).json()) as {
    cluster: { status: string };
  };
  expect(status.cluster.status).toBe('disabled');
});

test('it has a page that needs nothing from elsewhere', async () => {
  const html = await (await fetch(url(alertmanager, 9093, '/'))).text();
  expect(html).toContain('<h2>Silences</h2>');
  expect(html).not.toMatch(/(?:src|href)="https?:/);
});

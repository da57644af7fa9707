import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { verdict, type CheckContext, type Observation } from '../check.ts';
import { serviceOf } from '../services.ts';
import { doorTo, jsonOf } from '../site.ts';
import { prometheusApi } from './targets.ts';

interface Mail {
  subject: string;
  to: string[];
  text: string;
}

const mailDeadlineMs = 6000;

/** Whether Prometheus evaluates its rules, and whether the Alertmanager that it sends to is ready, seen from its zone. */
export async function alertingConnected(context: CheckContext): Promise<Observation> {
  const [prometheus, alertmanager] = (['prometheus', 'alertmanager'] as const).map((kind) =>
    serviceOf(context.plan, kind),
  );
  if (prometheus === undefined || alertmanager === undefined) throw new Error('this lab has no Alertmanager');
  const [{ activeAlertmanagers }, { groups }, ready] = await Promise.all([
    prometheusApi<{ activeAlertmanagers: { url: string }[] }>(context, 'alertmanagers'),
    prometheusApi<{ groups: { interval: number; rules: { name: string; health: string; lastError?: string }[] }[] }>(
      context,
      'rules?type=alert',
    ),
    context.vantages
      .from({ zone: prometheus.zone })
      .tryHttp({ address: alertmanager.address, port: 9093, path: '/-/ready', timeoutMs: 3000 }),
  ]);
  const rules = groups.flatMap((group) => group.rules);
  // After a start, rules that are evaluated seldom have not had their turn; they must not be in error either.
  const usual = context.plan.lab.monitoring.scrapeIntervalSeconds;
  const ill = groups
    .flatMap((group) =>
      group.rules.filter(({ health }) => health === 'err' || (health !== 'ok' && group.interval <= usual)),
    )
    .map(({ name, health, lastError = '' }) => `${name} ${health} ${lastError}`.trim());
  const knows = activeAlertmanagers.some(({ url }) => new URL(url).hostname === alertmanager.name);
  const answers = ready.ok ? String(ready.status) : ready.error.code;
  return verdict(
    knows && ill.length === 0 && rules.length > 0 && answers === '200',
    `${rules.length} rules, ${ill.length === 0 ? 'all evaluated' : ill.join(', ')}; ${knows ? 'sends to' : 'does not know'} ${alertmanager.name}, which answers ${answers}`,
  );
}

/** Sends Alertmanager an alert that no other run sends, waits for its mail, and ends the alert. */
export async function alertMail(context: CheckContext): Promise<Observation> {
  const { alertmanager, inbox } = {
    alertmanager: serviceOf(context.plan, 'alertmanager'),
    inbox: serviceOf(context.plan, 'inbox'),
  };
  if (alertmanager === undefined || inbox === undefined) throw new Error('this lab has no Alertmanager, or no inbox');
  const name = `LabTest-${randomUUID().slice(0, 8)}`;
  const startsAt = new Date();
  const send = async (endsAt: Date): Promise<void> => {
    const { vantage, ...at } = doorTo(context, alertmanager.name, 9093);
    const alert = {
      labels: { alertname: name, lab_test: 'true', severity: 'info' },
      annotations: { summary: 'A test of the way from an alert to a mail.' },
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
    };
    const headers = { 'content-type': 'application/json' };
    const answer = await vantage.http({
      ...at,
      method: 'POST',
      path: '/api/v2/alerts',
      headers,
      body: JSON.stringify([alert]),
    });
    if (answer.status !== 200) throw new Error(`Alertmanager answered ${answer.status}: ${answer.body.slice(0, 160)}`);
  };
  await send(new Date(startsAt.getTime() + 60_000));
  try {
    const mail = await mailAbout(context, inbox.name, name);
    const ms = Date.now() - startsAt.getTime();
    if (mail === undefined) return verdict(false, `no mail about ${name} within ${mailDeadlineMs} ms`);
    const { administrators } = context.plan.lab.monitoring;
    const reached = administrators.every((address) => mail.to.includes(address));
    return verdict(reached, `“${mail.subject}” to ${mail.to.join(', ')} after ${ms} ms`);
  } finally {
    await send(new Date());
  }
}

async function mailAbout(context: CheckContext, inbox: string, name: string): Promise<Mail | undefined> {
  const { vantage, ...at } = doorTo(context, inbox, 8025);
  const deadline = performance.now() + mailDeadlineMs;
  while (performance.now() < deadline) {
    const answer = await vantage.http({ ...at, path: `/api/messages?subject=${name}` });
    const [mail] = jsonOf(answer) as Mail[];
    if (mail !== undefined) return mail;
    await sleep(50);
  }
  return undefined;
}

/** Whether the page of mails comes. */
export async function inboxPage(context: CheckContext, inbox: string): Promise<Observation> {
  const { vantage, ...at } = doorTo(context, inbox, 8025);
  const answer = await vantage.http({ ...at, path: '/' });
  const page =
    answer.status === 200 &&
    /^text\/html/.test(answer.headers['content-type'] ?? '') &&
    /<h1>Inbox<\/h1>/.test(answer.body);
  return verdict(page, `${answer.status} ${answer.headers['content-type'] ?? ''}, ${answer.body.length} characters`);
}

import { expect, test } from 'vitest';
import { alertsOf } from '../../../../images/inbox/app/alerts.ts';
import { Heartbeat } from '../../../../images/inbox/app/heartbeat.ts';
import { Mailbox } from '../../../../images/inbox/app/mailbox.ts';

function at(start: string): { mailbox: Mailbox; heartbeat: Heartbeat; after(seconds: number): string[] } {
  let now = new Date(start);
  const mailbox = new Mailbox();
  const heartbeat = new Heartbeat(mailbox, () => now);
  const after = (seconds: number): string[] => {
    now = new Date(now.getTime() + seconds * 1000);
    heartbeat.look();
    return mailbox.list().map(({ subject }) => subject);
  };
  return { mailbox, heartbeat, after };
}

test('says once that heartbeats have stopped, and that they are back', () => {
  const { mailbox, heartbeat, after } = at('2030-01-01T00:00:00Z');
  heartbeat.beat('watchdog@www.foobar.com');
  expect(after(20)).toEqual([]);
  expect(after(1)).toEqual(['[FIRING] MonitoringSilent (1)']);
  expect(after(60)).toEqual(['[FIRING] MonitoringSilent (1)']);
  heartbeat.beat('watchdog@www.foobar.com');
  expect(after(1)).toEqual(['[RESOLVED] MonitoringSilent (1)', '[FIRING] MonitoringSilent (1)']);
  expect(mailbox.list()[1]?.alerts).toEqual([
    { status: 'firing', alertname: 'MonitoringSilent', instance: 'inbox', severity: 'critical' },
  ]);
  expect(heartbeat.ageSeconds()).toBe(1);
  // And again.
  expect(after(30)[0]).toBe('[FIRING] MonitoringSilent (1)');
});

test('is armed by the first heartbeat only', () => {
  const { heartbeat, after } = at('2030-01-01T00:00:00Z');
  expect(after(3600)).toEqual([]);
  expect(heartbeat.ageSeconds()).toBeUndefined();
});

test('reads what a mail is about, and no more than a hundred of it', () => {
  expect(
    alertsOf(
      'status=firing&alertname=A&instance=web%201&severity=info status=resolved&alertname=B&instance=&severity=',
    ),
  ).toEqual([
    { status: 'firing', alertname: 'A', instance: 'web 1', severity: 'info' },
    { status: 'resolved', alertname: 'B', instance: '', severity: '' },
  ]);
  expect(alertsOf(undefined)).toEqual([]);
  expect(alertsOf('x '.repeat(1000)).length).toBe(100);
});

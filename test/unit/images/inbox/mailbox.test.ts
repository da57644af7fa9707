import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mailbox } from '../../../../images/inbox/app/mailbox.ts';

const mail = (subject: string) => ({ from: 'a@foobar.com', to: ['b@foobar.com'], subject, text: '' });
const subjects = (mailbox: Mailbox, query = {}): string[] => mailbox.list(query).map(({ subject }) => subject);

test('keeps the newest mails, newest first, and counts all', () => {
  fc.assert(
    fc.property(fc.nat(30), fc.integer({ min: 1, max: 10 }), (count, capacity) => {
      const mailbox = new Mailbox(capacity);
      const sent = Array.from({ length: count }, (_, index) => mailbox.add(mail(String(index))).subject);
      expect(subjects(mailbox)).toEqual(sent.toReversed().slice(0, capacity));
      expect(mailbox.total).toBe(count);
    }),
  );
});

test('finds mail by time, the instant itself included, and by subject, whatever its case', () => {
  const mailbox = new Mailbox();
  mailbox.add(mail('SiteDown'), new Date('2030-01-01T00:00:00.000Z'));
  mailbox.add(mail('TargetDown'), new Date('2030-01-01T00:00:01.000Z'));
  expect(subjects(mailbox, { since: new Date('2030-01-01T00:00:01.000Z') })).toEqual(['TargetDown']);
  expect(subjects(mailbox, { subject: 'SITE' })).toEqual(['SiteDown']);
  expect(subjects(mailbox, { subject: 'down', since: new Date('2030-01-01T00:00:00.000Z') })).toEqual([
    'TargetDown',
    'SiteDown',
  ]);
});

test('whatever is sent, a mail stays within bounds', () => {
  const long = 'x'.repeat(1_000_000);
  const message = new Mailbox().add({ from: long, to: Array(1000).fill(long), subject: long, text: long });
  expect(JSON.stringify(message).length).toBeLessThan(25_000);
});

test('a deleted mail is gone, and its number stays counted', () => {
  const mailbox = new Mailbox();
  const { id } = mailbox.add(mail('gone'));
  expect(mailbox.get(id)?.subject).toBe('gone');
  mailbox.clear();
  expect(mailbox.get(id)).toBeUndefined();
  expect(mailbox.list()).toEqual([]);
  expect(mailbox.total).toBe(1);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Mailbox } from '../../../../images/inbox/app/mailbox.ts';
import { listPage, messagePage } from '../../../../images/inbox/app/page.ts';

/** Everything that a browser would read as a tag. */
const tags = (html: string): string[] =>
  [...html.matchAll(/<\/?[a-z!][^>]*>/gi)].map(([tag]) => tag.replace(/"[^"]*"/g, '""'));

test('no mail brings a tag or an attribute of its own', () => {
  const hostile = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'script', 'onload=', ' ', 'a') });
  const plain = new Mailbox().add({ from: 'a', to: ['a'], subject: 'a', text: 'a' });
  fc.assert(
    fc.property(hostile, (text) => {
      const message = new Mailbox().add({ from: text, to: [text], subject: `a${text}`, text });
      expect(tags(messagePage(message))).toEqual(tags(messagePage(plain)));
      expect(tags(listPage([message]))).toEqual(tags(listPage([plain])));
    }),
  );
});

test('lists mails in the order given, and says when there is none', () => {
  const mailbox = new Mailbox();
  expect(listPage(mailbox.list())).toContain('No mail yet.');
  mailbox.add({ from: '', to: [], subject: 'first', text: '' });
  mailbox.add({ from: '', to: [], subject: 'second', text: '' });
  const html = listPage(mailbox.list());
  expect(html.indexOf('second')).toBeLessThan(html.indexOf('first'));
});

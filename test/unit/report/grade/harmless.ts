import { createHash } from 'node:crypto';
import { expect } from 'vitest';

const elements = new Set(
  (
    '!doctype html head meta title style body main h1 h2 h3 p strong br code pre section header span dl dt dd details ' +
    'summary ul ol li table caption thead tbody tr th td div a svg g rect line text desc'
  ).split(' '),
);

/** A page with known elements and attributes alone, no request, and a policy that names its style. */
export function expectHarmless(page: string): void {
  expect(page).not.toMatch(/<script/i);
  const body = page.replace(/<style>([^]*?)<\/style>/, '');
  const css = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? '';
  expect(page).toContain(`'sha256-${createHash('sha256').update(css).digest('base64')}'`);
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<title>'));
  // Every < starts a tag whose attributes are all quoted, so no value can have ended early.
  const tags = body.match(/<[^]*?(?:>|$)/g) ?? [];
  const strange = tags.filter((tag) => !/^<(\/?[a-z0-9]+|!doctype)( [a-z0-9-]+(="[^"<>]*")?)*>$/i.test(tag));
  expect(strange).toEqual([]);
  const names = tags.map((tag) => /^<\/?([a-z0-9!]+)/i.exec(tag)?.[1] ?? '');
  expect(names.filter((name) => !elements.has(name))).toEqual([]);
  const attributes = tags.flatMap((tag) =>
    tag
      .replace(/="[^"]*"/g, '')
      .split(' ')
      .slice(1),
  );
  expect(attributes.filter((name) => /^on|^style$|^src/i.test(name))).toEqual([]);
  const links = [...body.matchAll(/ href="([^"]*)"/g)].map(([, to = '']) => to);
  expect(links.filter((to) => !/^(\.\/|#)[^:]*$/.test(to))).toEqual([]);
  expect(body.replace(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
}

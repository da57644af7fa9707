import fc from 'fast-check';
import { expect, test } from 'vitest';
import { html } from '../../../../images/web/app/html.ts';

const hostile = fc.string({ unit: fc.constantFrom('<', '>', '"', "'", '&', '/', 'a', ' ', '\n', '\u0000', 'é') });

test('whatever a value holds, it cannot open a tag or leave a quoted attribute', () => {
  fc.assert(fc.property(hostile, (value) => !/[<>"']/.test(html`${value}`.text)));
});

test('escaping loses nothing', () => {
  expect(html`<i title="${'"'}">${`<b>&'`}</i>`.text).toBe('<i title="&quot;">&lt;b&gt;&amp;&#39;</i>');
});

test('markup within markup is not escaped twice', () => {
  expect(html`<i>${[html`<b>${'&'}</b>`, html`<b>2</b>`]}</i>`.text).toBe('<i><b>&amp;</b><b>2</b></i>');
});

test('zero and the empty string are values too', () => {
  expect(html`${0}|${''}|`.text).toBe('0||');
});

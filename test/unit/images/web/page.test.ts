import { expect, test } from 'vitest';
import { renderPage, type PageContent } from '../../../../images/web/app/page.ts';

const attack = `</p><script>alert("1")</script><img src=x onerror='1'>`;
const content: PageContent = {
  server: 'web2',
  visitor: { clientAddress: '203.0.113.9', scheme: 'https', forwardedFor: '203.0.113.9' },
  messages: [{ id: 7, body: 'hello', server: 'web1', createdAt: '2030-01-02T03:04:05.678Z' }],
};

test('the page names the server and the visitor, and shows messages with who took them', () => {
  const page = renderPage(content);
  expect(page).toContain('<h1>web2</h1>');
  expect(page).toContain('HTTPS');
  expect(page).toContain('203.0.113.9');
  expect(page).toContain('<p>hello</p>');
  expect(page).toContain('2030-01-02 03:04:05 UTC');
});

test.each<[string, PageContent]>([
  ['a message', { ...content, messages: [{ id: 1, body: attack, server: attack, createdAt: attack }] }],
  ['a draft that is given back', { ...content, draft: attack }],
  ['a notice', { ...content, notice: { kind: 'bad', text: attack } }],
  ['a forwarded header', { ...content, visitor: { clientAddress: attack, scheme: 'http', forwardedFor: attack } }],
  ['a server name', { ...content, server: attack }],
])('%s cannot bring markup into the page', (_, attacked) => {
  const page = renderPage(attacked);
  expect(page).not.toMatch(/<script|<img|onerror='/);
  expect(page).toContain('&lt;script&gt;');
});

test('servers differ in colour, and one keeps its own', () => {
  const colour = (server: string): string | undefined =>
    /<body class="([^"]*)"/.exec(renderPage({ ...content, server }))?.[1];
  const colours = ['web1', 'web2', 'web3'].map(colour);
  expect(new Set(colours).size).toBe(3);
  expect(colour('web1')).toBe(colours[0]);
});

test('without messages it says whether there are none or they cannot be read', () => {
  expect(renderPage({ ...content, messages: [] })).toContain('None yet');
  expect(renderPage({ ...content, messages: undefined })).toContain('replica does not answer');
});

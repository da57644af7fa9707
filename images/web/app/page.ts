import { html, type Html } from './html.ts';
import { textLimit } from './message-text.ts';
import type { Message } from './messages.ts';
import type { Visitor } from './visitor.ts';

export interface PageContent {
  server: string;
  visitor: Visitor;
  /** Undefined when the replica does not answer. */
  messages: readonly Message[] | undefined;
  notice?: { kind: 'good' | 'bad'; text: string };
  /** What the visitor wrote, given back when it was refused. */
  draft?: string;
}

/** Colours that `site.css` has, as `tint-0` and so on. */
const tints = 6;

/** The site's page, as text. */
export function renderPage(content: PageContent): string {
  const { server, visitor, messages, notice, draft = '' } = content;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${server} · www.foobar.com</title>
        <link rel="icon" href="/static/favicon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/static/site.css" />
      </head>
      <body class="${tint(server)}">
        <header class="band">
          <p class="label">This page was made by</p>
          <h1>${server}</h1>
          <p class="facts">${facts(visitor)}</p>
        </header>
        <main>
          ${notice === undefined ? '' : html`<p class="notice ${notice.kind}" role="status">${notice.text}</p>`}
          <section class="card">
            <h2>Write a message</h2>
            <form method="post" action="/messages">
              <label for="body">Up to ${textLimit} characters, written through the primary database</label>
              <textarea id="body" name="body" rows="3" maxlength="${textLimit}" required>${draft}</textarea>
              <button type="submit">Send</button>
            </form>
          </section>
          <section class="card">
            <h2>Last messages</h2>
            ${messages === undefined ? html`<p class="empty">The replica does not answer; messages cannot be read now.</p>` : list(messages)}
          </section>
        </main>
        <footer>
          <a href="/static/about.html">About this site</a> · <a href="/api/whoami">Who am I?</a> ·
          <a href="/api/messages">Messages as JSON</a>
        </footer>
      </body>
    </html> `.text;
}

function facts({ scheme, clientAddress, forwardedFor }: Visitor): Html {
  const secure =
    scheme === 'https'
      ? html`<span class="badge good">HTTPS to the balancer</span>`
      : html`<span class="badge bad">plain HTTP</span>`;
  const way =
    forwardedFor === null ? html`not through the balancer` : html`through the balancer (forwarded for ${forwardedFor})`;
  return html`${secure} You are ${clientAddress}, ${way}.`;
}

function list(messages: readonly Message[]): Html {
  if (messages.length === 0) return html`<p class="empty">None yet. Yours can be the first.</p>`;
  return html`<ol class="messages">
    ${messages.map(item)}
  </ol>`;
}

function item({ id, body, server, createdAt }: Message): Html {
  const shown = `${createdAt.slice(0, 10)} ${createdAt.slice(11, 19)} UTC`;
  return html` <li class="${tint(server)}">
    <p>${body}</p>
    <p class="meta"><span class="chip">${server}</span> #${id} · <time datetime="${createdAt}">${shown}</time></p>
  </li>`;
}

/** The same server always has the same colour, and neighbours such as web1 and web2 differ. */
function tint(server: string): string {
  let sum = 0;
  for (const character of server) sum = (sum + (character.codePointAt(0) ?? 0)) % tints;
  return `tint-${sum}`;
}

import type { Message } from './mailbox.ts';

const style = `
  body { font: 1rem/1.5 system-ui, sans-serif; color: #1f2933; background: #f5f7fa; margin: 0 auto; max-width: 60rem; padding: 1.5rem }
  h1 { font-size: 1.4rem } a { color: #0b5cad; text-decoration: none } a:hover { text-decoration: underline }
  table { border-collapse: collapse; width: 100%; background: #fff; border: 1px solid #e4e7eb }
  th, td { text-align: left; padding: .5rem .75rem; border-bottom: 1px solid #e4e7eb; vertical-align: top; overflow-wrap: anywhere }
  th { font-weight: 600; color: #52606d } time { white-space: nowrap; font-variant-numeric: tabular-nums }
  dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem } dt { color: #52606d } dd { margin: 0 }
  pre { background: #fff; border: 1px solid #e4e7eb; padding: 1rem; white-space: pre-wrap; overflow-wrap: anywhere }`;

/** The list of mails, newest first. It asks for itself again every five seconds. */
export function listPage(messages: readonly Message[], heartbeatAge?: number): string {
  const rows = messages.map(
    (message) => `<tr>
      <td>${time(message)}</td>
      <td><a href="/messages/${escape(message.id)}">${escape(message.subject) || '(no subject)'}</a></td>
      <td>${escape(message.to.join(', '))}</td>
    </tr>`,
  );
  const body =
    rows.length === 0
      ? '<p>No mail yet.</p>'
      : `<table><thead><tr><th>Received</th><th>Subject</th><th>To</th></tr></thead><tbody>${rows.join('')}</tbody></table>`;
  return page(
    'Inbox',
    `<h1>Inbox</h1><p>${heartbeat(heartbeatAge)}</p>${body}`,
    '<meta http-equiv="refresh" content="5">',
  );
}

export function messagePage(message: Message): string {
  return page(
    message.subject,
    `<p><a href="/">Inbox</a></p><h1>${escape(message.subject) || '(no subject)'}</h1>
    <dl><dt>From</dt><dd>${escape(message.from)}</dd><dt>To</dt><dd>${escape(message.to.join(', '))}</dd>
    <dt>Received</dt><dd>${time(message)}</dd></dl><pre>${escape(message.text)}</pre>`,
  );
}

function heartbeat(ageSeconds: number | undefined): string {
  if (ageSeconds === undefined) return 'No heartbeat of monitoring has come yet.';
  const age = Math.round(ageSeconds);
  return `Monitoring’s last heartbeat: ${age === 1 ? '1 second' : `${age} seconds`} ago.`;
}

function page(title: string, body: string, head = ''): string {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">${head}
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escape(title)}</title>
<style>${style}</style></head><body>${body}</body></html>`;
}

function time({ receivedAt }: Message): string {
  return `<time datetime="${receivedAt}">${receivedAt.slice(0, 19).replace('T', ' ')} UTC</time>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

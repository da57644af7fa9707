import { verdict, type CheckContext, type Observation } from '../check.ts';
import { field, siteOf, type Ask } from '../site.ts';

const json = { 'content-type': 'application/json' };
const post = (body: string, headers: Record<string, string> = json): Ask => ({
  method: 'POST',
  path: '/api/messages',
  headers,
  body,
});

/** Requests that are wrong, each in one way, and the status that says so (RFC 9110, section 15.5). */
const cases: readonly { what: string; ask: Ask; status: number }[] = [
  { what: 'no JSON', ask: post('{"body":'), status: 400 },
  { what: 'an empty message', ask: post('{"body":""}'), status: 400 },
  { what: 'a message that is no text', ask: post('{"body":{"$ne":1}}'), status: 400 },
  { what: 'a message that is too long', ask: post(JSON.stringify({ body: 'x'.repeat(281) })), status: 400 },
  { what: 'another type', ask: post('body=x', { 'content-type': 'application/x-www-form-urlencoded' }), status: 415 },
  { what: 'a body of 8 KiB', ask: post(JSON.stringify({ body: 'x'.repeat(8192) })), status: 413 },
  { what: 'SQL for an id', ask: { path: '/api/messages/1%20OR%201=1' }, status: 400 },
  { what: 'a limit that is no number', ask: { path: "/api/messages?limit=1'" }, status: 400 },
  { what: 'an unknown page', ask: { path: '/no-such-page' }, status: 404 },
  { what: 'another method', ask: { method: 'DELETE', path: '/api/messages' }, status: 405 },
];

/** Sends the site what it must refuse. */
export async function refusesBadInput(context: CheckContext): Promise<Observation> {
  const site = await siteOf(context);
  const outcomes = await site.askMany(cases.map(({ ask }) => ask));
  const wrong = cases.flatMap(({ what, status }, index) => {
    const outcome = outcomes[index];
    if (outcome?.ok !== true) return [`${what}: ${outcome?.error.code ?? 'no answer'}`];
    if (outcome.status !== status) return [`${what}: ${outcome.status}, not ${status}`];
    return explains(outcome.body)
      ? []
      : [`${what}: ${status} without a plain word of why: ${outcome.body.slice(0, 80)}`];
  });
  return verdict(
    wrong.length === 0,
    wrong.length === 0
      ? `${cases.length} wrong requests, each refused with its own 4xx and a reason`
      : wrong.join('; '),
  );
}

/** An error in the application's own form, with nothing of its inside. */
function explains(body: string): boolean {
  if (/\bat .*:\d+:\d+|node_modules|SELECT |mysql/i.test(body)) return false;
  try {
    return typeof field(field(JSON.parse(body), 'error'), 'message') === 'string';
  } catch {
    return false;
  }
}

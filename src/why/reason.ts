import type { Hop, State } from './answer.ts';
import { sourceName, type Question } from './question.ts';
import type { Watched } from './watch.ts';

/** All that was seen, for the sentence at the end. */
export interface Evidence {
  question: Question;
  state: State;
  hops: readonly Hop[];
  watched: readonly Watched[];
  /** The firewalls that the plan puts between the two, in order. */
  expected: readonly string[];
  /** The gateway that the source has to leave by, by the plan; `undefined` for neighbours. */
  gateway: string | undefined;
  /** Why nothing could leave the source, when that is so. */
  stuck: string | undefined;
  target: { running: boolean; listening: boolean };
}

/** Why it ended as it did, in a sentence, from what was seen and from nothing else. */
export function reasonOf(evidence: Evidence): string {
  const { question, state, hops, target } = evidence;
  const { service, address, port, protocol } = question.to;
  const requests = hops.filter(({ direction }) => direction === 'request');
  const bad = hops.find(({ outcome }) => outcome === 'dropped' || outcome === 'rejected');
  const elsewhere = requests.find(({ rewritten }) => rewritten !== null && rewritten.to !== address);
  const where = `${service}:${port}`;
  if (elsewhere !== undefined)
    return `${elsewhere.firewall} sends it to ${elsewhere.rewritten?.to ?? ''} instead of ${service} (${address})`;
  if (state === 'open' && hops.length === 0 && evidence.expected.length > 0)
    return `${where} answers, by a way that no firewall saw`;
  if (state === 'open')
    return hops.length === 0 ? `${where} answers; no firewall stands between them` : `${where} answers`;
  if (bad !== undefined) {
    const what =
      bad.direction === 'answer'
        ? `${service} answers, but ${bad.firewall} ${bad.outcome} the answer`
        : `${bad.firewall} ${bad.outcome} it`;
    return `${what}: ${decided(bad)}`;
  }
  if (state === 'closed')
    return `${service} was reached, and refused: nothing listens on ${protocol === 'udp' ? 'UDP ' : ''}port ${port}`;
  if (
    state === 'silent' &&
    requests.every(({ outcome }) => outcome !== 'lost') &&
    target.listening &&
    requests.length === evidence.expected.length
  )
    return `every firewall let it through, and ${where} listens; UDP tells no more`;
  const lost = requests.find(({ outcome }) => outcome === 'lost');
  if (lost !== undefined) return `${lost.firewall} does not pass it on: ${routing(evidence, lost)}`;
  if (requests.length === 0 && evidence.expected.length > 0) return neverCame(evidence);
  return afterTheLast(evidence, requests.at(-1));
}

function decided({ decision, via }: Hop): string {
  if (decision === null) return 'no rule says why';
  if (decision.rule === null) return `policy ${decision.verdict} of ${decision.table} ${decision.chain}`;
  const first = via[0] ?? decision;
  const comment = /--comment (?:"([^"]*)"|(\S+))/.exec(first.rule ?? '');
  const name = comment?.[1] ?? comment?.[2];
  const hand = first.line === null ? ', put in by hand' : '';
  return name === undefined || first.line === null
    ? `rule “-A ${first.chain} ${first.rule ?? ''}” of ${first.table}${hand}`
    : `${name} (${first.chain})`;
}

function routing({ watched, question }: Evidence, { firewall }: Hop): string {
  const one = watched.find((candidate) => candidate.firewall === firewall);
  if (one?.forwarding === false) return 'forwarding is switched off (net.ipv4.ip_forward is 0)';
  return `it has no usable route to ${question.to.address}`;
}

function neverCame({ watched, question, expected, gateway, stuck }: Evidence): string {
  const [first = ''] = expected;
  if (!isWatched(watched, first)) return `${first} is not running`;
  if (stuck !== undefined) return `nothing leaves ${sourceName(question.from)}: ${stuck}`;
  const router = watched.find(({ firewall }) => firewall === first);
  if (gateway !== undefined && router !== undefined && !hasAddress(router, gateway))
    return `${first} never saw it: it does not have the gateway’s address ${gateway} any more`;
  return `${first} never saw it`;
}

function afterTheLast(evidence: Evidence, last: Hop | undefined): string {
  const { question, expected, watched, target, hops } = evidence;
  const { service, address } = question.to;
  const end = expected.at(-1);
  const one = watched.find(({ firewall }) => firewall === last?.firewall);
  if (end !== undefined && !isWatched(watched, end)) return `${end} is not running`;
  if (last !== undefined && last.firewall !== end)
    return `${last.firewall} sent it on by ${last.out ?? '?'}, but ${end ?? service} never saw it`;
  if (!target.running) return `${service} is not running`;
  if (new RegExp(`^${address.replaceAll('.', '\\.')} .*(FAILED|INCOMPLETE)`, 'm').test(one?.neighbours ?? ''))
    return `nobody on the link has the address ${address} of ${service}`;
  const answer = hops.find(({ direction, outcome }) => direction === 'answer' && outcome === 'lost');
  if (answer !== undefined)
    return `${service} answers, but ${answer.firewall} does not pass the answer on: ${routing(evidence, answer)}`;
  if (hops.some(({ direction }) => direction === 'answer')) return `${service} answers, but its answer does not arrive`;
  return `${last === undefined ? '' : `${last.firewall} let it through, but `}${service} does not answer`;
}

/** Firewalls that run are watched, all of them. */
function isWatched(watched: readonly Watched[], firewall: string): boolean {
  return watched.some((one) => one.firewall === firewall);
}

/** The kernel's table of local addresses tells which it has. */
function hasAddress({ routes }: Watched, address: string): boolean {
  return routes.split('\n').some((line) => line.startsWith(`local ${address} `));
}

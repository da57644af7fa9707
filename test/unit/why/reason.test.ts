import { expect, test } from 'vitest';
import type { Hop, State } from '../../../src/why/answer.ts';
import { reasonOf, type Evidence } from '../../../src/why/reason.ts';
import type { Watched } from '../../../src/why/watch.ts';

const watched = (firewall: string, more: Partial<Watched> = {}): Watched => ({
  firewall,
  packets: [],
  before: [],
  after: [],
  forwarding: true,
  routes: 'local 10.77.0.97 dev web table local proto kernel scope host',
  neighbours: '',
  ...more,
});

const hop = (firewall: string, outcome: Hop['outcome'], direction: Hop['direction'] = 'request'): Hop => ({
  firewall,
  direction,
  in: 'web',
  out: 'core',
  outcome,
  via: [],
  decision: null,
  rewritten: null,
});

const to = { service: 'db-primary', address: '10.77.0.132', port: 3306, protocol: 'tcp' as const };

function evidence(state: State, hops: Hop[], more: Partial<Evidence> = {}): Evidence {
  return {
    question: { from: { kind: 'service', service: 'web1' }, to },
    state,
    hops,
    watched: [watched('fw-app'), watched('fw-data')],
    expected: ['fw-app', 'fw-data'],
    gateway: '10.77.0.97',
    stuck: undefined,
    target: { running: true, listening: true },
    ...more,
  };
}

const through = [hop('fw-app', 'forwarded'), hop('fw-data', 'forwarded')];
const gone = { neighbours: '10.77.0.132 dev data FAILED' };

test.each<[string, Evidence, RegExp]>([
  ['open', evidence('open', through), /^db-primary:3306 answers$/],
  ['round the firewalls', evidence('open', []), /by a way that no firewall saw/],
  ['between neighbours', evidence('open', [], { expected: [] }), /no firewall stands between/],
  ['closed', evidence('closed', through), /nothing listens on port 3306/],
  ['nothing came', evidence('filtered', []), /^fw-app never saw it$/],
  [
    'no gateway',
    evidence('filtered', [], { watched: [watched('fw-app', { routes: '' }), watched('fw-data')] }),
    /gateway’s address/,
  ],
  ['a firewall down', evidence('filtered', [], { watched: [watched('fw-data')] }), /^fw-app is not running$/],
  ['stuck', evidence('unroutable', [], { stuck: 'it has no route' }), /^nothing leaves web1: it has no route$/],
  ['lost on the transit', evidence('filtered', [hop('fw-app', 'forwarded')]), /but fw-data never saw it/],
  [
    'forwarding off',
    evidence('filtered', [hop('fw-app', 'lost')], {
      watched: [watched('fw-app', { forwarding: false }), watched('fw-data')],
    }),
    /forwarding is switched off/,
  ],
  [
    'target down',
    evidence('filtered', through, { target: { running: false, listening: false } }),
    /^db-primary is not running$/,
  ],
  [
    'address gone',
    evidence('filtered', through, { watched: [watched('fw-app'), watched('fw-data', gone)] }),
    /nobody on the link has the address/,
  ],
  [
    'answer dropped',
    evidence('filtered', [...through, hop('fw-data', 'dropped', 'answer')]),
    /answers, but fw-data dropped the answer/,
  ],
  ['silence of a target', evidence('filtered', through), /db-primary does not answer/],
  ['a datagram let through', evidence('silent', through), /every firewall let it through/],
  [
    'a datagram that is lost',
    evidence('silent', [hop('fw-app', 'lost')], { target: { running: true, listening: false } }),
    /fw-app does not pass it on/,
  ],
])('%s', (_, seen, words) => {
  expect(reasonOf(seen)).toMatch(words);
});

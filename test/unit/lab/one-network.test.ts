import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readLab } from '../../../src/lab/load.ts';
import { problemIn, problemsIn } from './reference.ts';

const distributed = readFileSync('labs/distributed-web-infrastructure/lab.yml', 'utf8');
const simple = readFileSync('labs/simple-web-stack/lab.yml', 'utf8');

/** A lab's text with a piece replaced; the piece has to be there. */
function changed(text: string, piece: string, by: string): string {
  expect(text).toContain(piece);
  return text.replace(piece, by);
}

describe('a lab without firewalls', () => {
  it.each([distributed, simple])('is one network, without TLS and without flows', (text) => {
    const lab = readLab(text, 'lab.yml');
    expect(Object.entries(lab.zones)).toEqual([['edge', { about: expect.any(String) as string }]]);
    expect(lab.tls.outside).toBe('plain');
    expect(lab.flows).toEqual({});
  });

  it('has no second zone, as nothing would lead there', () => {
    const text = changed(distributed, 'zones:\n', 'zones:\n  web: { about: Servers }\n').replace(
      'kind: web, zone: edge',
      'kind: web, zone: web',
    );
    expect(problemIn(text)).toMatchObject({
      message: 'zones.web: nothing leads there, as the lab has no firewall',
      expected: 'edge alone, or a firewall as the router of every zone',
    });
  });

  it('has the zone edge, where visitors arrive', () => {
    const problems = problemsIn(changed(simple, '  edge: {', '  here: {'));
    expect(problems.map(({ message }) => message)).toContain('zones.edge: is missing');
  });

  it('can have no flow: nobody would enforce it', () => {
    const text = changed(distributed, 'flows: {}', 'flows:\n  data: { from: [web1], to: [db-primary:3306] }');
    expect(problemIn(text)).toMatchObject({ message: 'flows.data: web1 and db-primary are in one zone' });
  });

  it('publishes any port of any service, each host port once', () => {
    const more = (endpoint: string): string => changed(distributed, 'endpoints:\n', `endpoints:\n  ${endpoint}\n`);
    expect(problemsIn(more('web: { to: web1:80, hostPort: 8090 }'))).toEqual([]);
    expect(problemIn(more('web: { to: web1:80, hostPort: 8080 }'))).toMatchObject({
      message: 'endpoints.http.hostPort: 8080 is taken by web',
    });
  });

  it('with one firewall is no longer one network: every zone needs a router', () => {
    const text = changed(distributed, 'services:\n', 'services:\n  fw: { kind: firewall }\n');
    const messages = problemsIn(text).map(({ message }) => message);
    expect(messages).toContain('zones.edge.router: is missing');
    expect(messages).toContain('zones.core: is missing');
  });
});

describe('a server with everything on it', () => {
  it('is the primary: there is no second one', () => {
    const text = changed(simple, 'services:\n', 'services:\n  db: { kind: database, zone: edge, role: primary }\n');
    expect(problemIn(text)).toMatchObject({ message: 'services.server.role: there is a primary already' });
  });
});

describe('tls', () => {
  it('inside is nothing without TLS outside', () => {
    const text = changed(distributed, 'outside: plain', 'outside: plain, inside: mutual');
    expect(problemIn(text)).toMatchObject({
      message: 'tls.inside: is mutual, while visitors come without TLS',
      expected: 'plain, or tls.outside: tls',
    });
  });
});

import { describe, expect, it } from 'vitest';
import { edited, placeIn, problemIn, problemsIn, reference } from './reference.ts';

const services =
  'fw-edge, fw-app, fw-data, balancer, web1, web2, web3, db-primary, db-replica, prometheus, alertmanager, grafana, inbox, prober';

describe('zones', () => {
  it.each(['edge', 'core'])('%s has to be there', (zone) => {
    const text = reference.replace(new RegExp(`^  ${zone}: .*\\n`, 'm'), '');
    expect(problemsIn(text)[0]).toMatchObject({ message: `zones.${zone}: is missing`, where: { file: 'lab.yml' } });
  });

  it('are at most eight', () => {
    const more = (count: number): string =>
      edited([
        'zones:\n',
        `zones:\n${Array.from({ length: count }, (_, i) => `  more${i}: { router: fw-app }\n`).join('')}`,
      ]);
    expect(problemsIn(more(2))).toEqual([]);
    expect(problemIn(more(3))).toMatchObject({
      message: 'zones: there are too many',
      expected: 'at most 8',
      found: '9',
    });
  });

  it('hold at most twelve services', () => {
    const more = (count: number): string =>
      edited([
        'services:\n',
        `services:\n${Array.from({ length: count }, (_, i) => `  more${i}: { kind: prober, zone: dmz }\n`).join('')}`,
      ]);
    expect(problemsIn(more(11))).toEqual([]);
    const text = more(12);
    expect(problemIn(text)).toMatchObject({
      message: 'zones.dmz: too many services live in it',
      expected: 'at most 12',
      found: '13',
    });
  });

  it('have a router that is a firewall', () => {
    expect(problemIn(edited(['dmz: { router: fw-edge', 'dmz: { router: fw-egde']))).toMatchObject({
      message: 'zones.dmz.router: there is no firewall "fw-egde"',
      expected: 'fw-edge, fw-app, fw-data',
      fix: 'did you mean "fw-edge"?',
    });
    expect(problemIn(edited(['dmz: { router: fw-edge', 'dmz: { router: web1']))).toMatchObject({
      message: 'zones.dmz.router: "web1" is no firewall, its kind is web',
      expected: 'fw-edge, fw-app, fw-data',
    });
  });

  it('edge and core have one router', () => {
    expect(problemIn(edited(['core: { router: fw-edge', 'core: { router: fw-app']))).toMatchObject({
      message: 'zones.core.router: is not the firewall of the edge',
      expected: 'fw-edge',
      found: 'fw-app',
    });
  });

  it.each(['host', 'lo', 'all', 'default', 'constructor'])('cannot be called %s', (name) => {
    expect(problemIn(edited(['zones:\n', `zones:\n  ${name}: { router: fw-app }\n`]))).toMatchObject({
      message: `zones.${name}: the name is reserved`,
      fix: 'choose another name',
    });
  });
});

describe('services', () => {
  it.each([
    ['web', 'services.web: a zone has this name'],
    ['host', 'services.host: in flows, host means this machine'],
    ['localhost', 'services.localhost: every service calls itself localhost'],
    ['constructor', 'services.constructor: the name is reserved'],
  ])('cannot be called %s', (name, message) => {
    expect(problemIn(edited(['services:\n', `services:\n  ${name}: { kind: prober, zone: dmz }\n`]))).toMatchObject({
      message,
    });
  });

  it.each(['edge', 'core'])('do not live in %s', (zone) => {
    expect(problemIn(edited(['kind: grafana, zone: ops', `kind: grafana, zone: ${zone}`]))).toMatchObject({
      message: `services.grafana.zone: no service lives in ${zone}`,
      expected: 'dmz, web, data, ops',
      fix: 'put it behind a firewall',
    });
  });

  it('have one primary among them', () => {
    const two = edited(['role: replica', 'role: primary']);
    expect(problemIn(two)).toMatchObject({
      message: 'services.db-replica.role: there is a primary already',
      found: 'db-primary, db-replica',
      where: placeIn(two, 'primary }\n  prometheus'),
    });
    expect(problemIn(edited(['role: primary', 'role: replica']))).toMatchObject({
      message: 'services.web1: there is no primary that it could use',
    });
    // A role that is not valid may have been meant as the primary's.
    expect(problemIn(edited(['role: primary', 'role: primery']))).toMatchObject({ fix: 'did you mean "primary"?' });
  });

  it('are at most as many firewalls as fit below the probes on core', () => {
    const more = (count: number): string =>
      edited([
        'services:\n',
        `services:\n${Array.from({ length: count }, (_, i) => `  more${i}: { kind: firewall }\n`).join('')}`,
      ]);
    expect(problemsIn(more(11))).toEqual([]);
    expect(problemIn(more(12))).toMatchObject({
      message: 'services: there are too many firewalls',
      expected: 'at most 14',
      found: '15',
    });
  });

  it('are named once', () => {
    const text = edited(['  web3: {', '  web1: { kind: web, zone: web }\n  web3: {']);
    expect(problemIn(text)).toMatchObject({
      message: 'services.web1: is written twice',
      found: `the first one in line ${placeIn(text, 'web1:').line}`,
      where: { line: placeIn(text, 'web3: {').line - 1, column: 3 },
    });
  });
});

describe('endpoints', () => {
  it('need a flow', () => {
    const text = edited([', inbox:8025]', ']']);
    expect(problemIn(text)).toMatchObject({
      message: 'endpoints.inbox: no flow lets it through',
      expected: 'a flow from host or edge to inbox:8025',
      where: placeIn(text, 'inbox:8025'),
    });
  });

  it('lead to a service that is there', () => {
    expect(problemIn(edited(['to: grafana:3000', 'to: gafana:3000']))).toMatchObject({
      message: 'endpoints.grafana.to: there is no service "gafana"',
      expected: services,
      fix: 'did you mean "grafana"?',
    });
    expect(problemIn(edited(['to: grafana:3000', 'to: constructor:3000']))).toMatchObject({
      message: 'endpoints.grafana.to: there is no service "constructor"',
    });
  });

  it('have a port of the host each', () => {
    const text = edited(['hostPort: 8025', 'hostPort: 9090']);
    expect(problemIn(text)).toMatchObject({ message: 'endpoints.inbox.hostPort: 9090 is taken by prometheus' });
  });

  it('have a port of the edge firewall each', () => {
    const text = edited(['to: alertmanager:9093, hostPort', 'to: grafana:3000, hostPort']);
    expect(problemIn(text)).toMatchObject({
      message: 'endpoints.grafana.to: port 3000 of the edge firewall is taken by alertmanager',
    });
  });

  it('cannot be called constructor', () => {
    expect(problemIn(edited(['  grafana: { to', '  constructor: { to']))).toMatchObject({
      message: 'endpoints.constructor: the name is reserved',
    });
  });
});

describe('flows', () => {
  it('start at a zone, a service or the host', () => {
    const text = edited(['from: [balancer]', 'from: [balancer, dzm]']);
    expect(problemIn(text)).toMatchObject({
      message: 'flows.balancing.from: there is no zone or service "dzm"',
      expected: `host, edge, core, dmz, web, data, ops, ${services}`,
      fix: 'did you mean "dmz"?',
      where: placeIn(text, 'dzm'),
    });
  });

  it('end at a service', () => {
    const text = edited(['web3:80]', 'web3:80, wbe1:80]']);
    expect(problemIn(text)).toMatchObject({
      message: 'flows.balancing.to: there is no service "wbe1"',
      expected: services,
      fix: 'did you mean "web1"?',
      where: placeIn(text, 'wbe1:80'),
    });
  });

  it('do not end at a zone', () => {
    expect(problemIn(edited(['web3:80]', 'web3:80, web:80]']))).toMatchObject({
      message: 'flows.balancing.to: "web" is a zone, and only services can be reached',
      expected: 'web1, web2, web3',
      fix: 'name the service',
    });
  });

  it.each([
    ['inbox:0', { message: 'flows.operators.to: is not valid', expected: 'service:port, such as balancer:443' }],
    ['inbox:080', { message: 'flows.operators.to: is not valid' }],
    ['inbox:70000', { message: 'flows.operators.to: there is no port 70000', expected: '1 to 65535' }],
    ['inbox:999999', { message: 'flows.operators.to: is not valid' }],
    ['inbox:-1', { message: 'flows.operators.to: is not valid' }],
  ])('to %s: no such port', (target, problem) => {
    const text = edited(['grafana:3000, inbox:8025]', `grafana:3000, inbox:8025, ${target}]`]);
    expect(problemIn(text)).toMatchObject({ ...problem, where: placeIn(text, target) });
  });

  it.each([
    ['web2', 'web2 and web1'],
    ['web', 'web and web1'],
    ['web1', 'web1 and web1'],
  ])('from %s do not stay inside a zone', (from, both) => {
    const text = edited(['flows:\n', `flows:\n  inner: { from: [${from}], to: [web1:81] }\n`]);
    expect(problemIn(text)).toMatchObject({
      message: `flows.inner: ${both} are in one zone`,
      where: placeIn(text, 'web1:81'),
    });
  });
});

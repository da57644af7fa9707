import { describe, expect, it } from 'vitest';
import { readLab } from '../../../src/lab/load.ts';
import { edited, placeIn, problemIn, problemsIn, reference } from './reference.ts';

describe('the reference lab', () => {
  it('is read, with every service in its zone', () => {
    const lab = readLab(reference, 'lab.yml');
    expect(lab.name).toBe('secured-monitored');
    expect(Object.keys(lab.services)).toHaveLength(14);
    expect(lab.services['db-primary']).toEqual({ kind: 'database', zone: 'data', role: 'primary' });
  });

  it('needs neither endpoints nor limits, tls, database and monitoring: they have defaults', () => {
    const without = ['tls', 'database', 'monitoring', 'limits', 'endpoints'].reduce(
      (text, key) => text.replace(new RegExp(`^${key}:\\n( .*\\n)+`, 'm'), ''),
      reference,
    );
    const lab = readLab(without, 'lab.yml');
    expect(lab.tls).toEqual({
      outside: 'tls',
      minimumVersion: 'TLSv1.2',
      hstsSeconds: 31_536_000,
      certificateDays: 90,
      inside: 'plain',
    });
    expect(lab.limits).toEqual({ newConnectionsPerSecond: 200, burst: 300 });
    expect(lab.endpoints).toEqual({});
  });

  it.each([
    ['carriage returns', reference.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${reference}`],
    [
      'anchors and aliases',
      edited(['[web1, web2, web3]', '&all [web1, web2, web3]'], ['from: [prober]', 'from: *all']),
    ],
  ])('is read with %s', (_, text) => {
    expect(readLab(text, 'lab.yml').site).toEqual(readLab(reference, 'lab.yml').site);
  });
});

describe('problems', () => {
  it('are reported together, whichever stage finds them, in the order of the file', () => {
    const text = edited(
      ['kind: balancer', 'kind: balncer'],
      ['web3: { kind: web, zone: web }', 'web3: { kind: web, zone: wbe }'],
      ['hstsSeconds', 'hstsSecnds'],
      ['hostPort: 8080', 'hostPort: 70000'],
      ['from: [host]', 'from: [hots]'],
      ['[web1:80,', '[web9:80,'],
    );
    const problems = problemsIn(text);
    expect(problems.map(({ message, where, fix }) => [message.split(':')[0], where, fix])).toEqual([
      ['services.balancer.kind', placeIn(text, 'balncer'), 'did you mean "balancer"?'],
      ['services.web3.zone', placeIn(text, 'wbe'), 'did you mean "web"?'],
      ['tls.hstsSecnds', placeIn(text, 'hstsSecnds'), 'did you mean "hstsSeconds"?'],
      ['endpoints.http.hostPort', placeIn(text, '70000'), undefined],
      ['flows.operators.from', placeIn(text, 'hots'), 'did you mean "host"?'],
      ['flows.balancing.to', placeIn(text, 'web9:80'), 'did you mean "web1"?'],
    ]);
    for (const { expected } of problems) expect(expected).toBeTruthy();
  });

  it.each([
    ['title: Secured', 'titel: Secured', 'titel', 'title'],
    ['  domain:', '  domian:', 'site.domian', 'domain'],
    ['dmz: { router:', 'dmz: { ruoter:', 'zones.dmz.ruoter', 'router'],
    ['role: primary', 'rol: primary', 'services.db-primary.rol', 'role'],
    ['minimumVersion', 'minimunVersion', 'tls.minimunVersion', 'minimumVersion'],
    ['semisynchronous', 'semisynchron', 'database.semisynchron', 'semisynchronous'],
    ['administrators', 'administrator', 'monitoring.administrator', 'administrators'],
    ['burst:', 'brust:', 'limits.brust', 'burst'],
    ['hostPort: 3000', 'hostport: 3000', 'endpoints.grafana.hostport', 'hostPort'],
    ['about: Anyone', 'abuot: Anyone', 'flows.visitors.abuot', 'about'],
  ])('%s as %s: an unknown key offers the nearest one at its level', (piece, by, path, nearest) => {
    const text = edited([piece, by]);
    const problem = problemsIn(text).find(({ message }) => message === `${path}: there is no such key`);
    expect(problem).toMatchObject({
      fix: `did you mean "${nearest}"?`,
      where: placeIn(
        text,
        by.split(/[:{] /).find((part) => by.includes(`${part}:`) && part === path.split('.').at(-1)) ??
          (path.split('.').at(-1) as string),
      ),
    });
    expect(problem?.expected?.split(', ')).toContain(nearest);
  });

  it('offers only the keys of that kind of service', () => {
    const text = edited(['fw-app: { kind: firewall }', 'fw-app: { kind: firewall, zone: web }']);
    expect(problemIn(text)).toMatchObject({
      message: 'services.fw-app.zone: there is no such key',
      expected: 'kind, about',
    });
  });

  it.each([
    ['name: secured-monitored\n', '', 'name: is missing', 'text'],
    ['  domain: www.foobar.com\n', '', 'site.domain: is missing', 'text (The name visitors use)'],
    [
      '{ router: fw-app, about: The three servers. }',
      '{}',
      'zones.web.router: is missing',
      'a firewall: fw-edge, fw-app, fw-data',
    ],
    [
      '{ kind: balancer, zone: dmz }',
      '{ kind: balancer }',
      'services.balancer.zone: is missing',
      'text (The zone it lives in)',
    ],
    [
      '{ kind: balancer, zone: dmz }',
      '{ zone: dmz }',
      'services.balancer.kind: is missing',
      'firewall, balancer, web, database, server, prometheus, alertmanager, grafana, inbox, prober',
    ],
    [
      ', role: replica',
      '',
      'services.db-replica.role: is missing',
      expect.stringMatching(/^primary, replica, member \(/),
    ],
    ['to: balancer:443, hostPort', 'hostPort', 'endpoints.https.to: is missing', 'text'],
  ])('%j left out is named', (piece, by, message, expected) => {
    expect(problemIn(edited([piece, by]))).toMatchObject({ message, expected });
  });

  it.each([
    ['name: secured-monitored', 'name: 17', 'name: is not valid', 'text', '17'],
    ['title: Secured and monitored web infrastructure', 'title: [a]', 'title: is not valid', 'text', '["a"]'],
    [
      'domain: www.foobar.com',
      'domain: http://x',
      'site.domain: is not valid',
      'a host name such as www.foobar.com',
      '"http://x"',
    ],
    ['hstsSeconds: 31536000', 'hstsSeconds: 1.5', 'tls.hstsSeconds: is not valid', 'a whole number', '1.5'],
    ['hstsSeconds: 31536000', 'hstsSeconds: -1', 'tls.hstsSeconds: is not valid', 'at least 0', '-1'],
    ['certificateDays: 90', 'certificateDays: 3', 'tls.certificateDays: is not valid', 'at least 8', '3'],
    ['burst: 300', 'burst: .nan', 'limits.burst: is not valid', 'a number', 'NaN'],
    ['minimumVersion: TLSv1.2', 'minimumVersion: 1.2', 'tls.minimumVersion: is not valid', 'TLSv1.2, TLSv1.3', '1.2'],
    [
      'semisynchronous: true',
      'semisynchronous: yes',
      'database.semisynchronous: is not valid',
      'true or false',
      '"yes"',
    ],
    ['[admin@foobar.com]', '[]', 'monitoring.administrators: is not valid', 'at least 1 entry', '[]'],
    [
      '[admin@foobar.com]',
      '[admin]',
      'monitoring.administrators: is not valid',
      'a mail address such as admin@foobar.com',
      '"admin"',
    ],
    ['from: [edge]', 'from: edge', 'flows.visitors.from: is not valid', 'a list', '"edge"'],
    [
      'balancer:80, balancer:443]',
      'balancer]',
      'flows.visitors.to: is not valid',
      'service:port, such as balancer:443',
      '"balancer"',
    ],
    [
      '{ kind: prober, zone: ops }',
      'nowhere-here',
      'services.prober: is not valid',
      'the keys kind, about, zone, stack, role',
      '"nowhere-here"',
    ],
  ])('%s as %s', (piece, by, message, expected, found) => {
    const text = edited([piece, by]);
    const problem = problemsIn(text).find((candidate) => candidate.message === message);
    expect(problem).toMatchObject({ expected, found });
    expect(problem?.where?.line).toBe(placeIn(text, by).line);
  });

  it('says of a name without a value that it is empty', () => {
    const text = edited(['prober: { kind: prober, zone: ops }', 'prober:']);
    expect(problemIn(text)).toMatchObject({ message: 'services.prober: is empty', where: placeIn(text, 'prober:\n') });
  });

  it.each(['services', 'zones', 'flows'])('says of a missing section %s only that it is missing', (section) => {
    const text = reference.replace(new RegExp(`^${section}:\\n(( .*)?\\n)+?(?=[a-z#]|$(?![\\s\\S]))`, 'm'), '');
    expect(text).not.toMatch(new RegExp(`^${section}:`, 'm'));
    expect(problemIn(text).message).toBe(`${section}: is missing`);
  });

  it('never speak in the words of the schema library', () => {
    const broken = reference
      .replace(/: [a-z0-9]+$/gm, ': [[]]')
      .replaceAll('zone: ', 'zome: ')
      .replaceAll('to: [', 'to: [1, ');
    const words = problemsIn(broken)
      .map((problem) => JSON.stringify(problem))
      .join('\n');
    expect(words.length).toBeGreaterThan(1000);
    expect(words).not.toMatch(
      /invalid|unrecognized|received|Zod|expected (string|object|int|record|array)|>=|<=|NaN"/i,
    );
  });
});

describe('a name', () => {
  it.each(['abcdefghijklmno', 'a', 'a1-b'])('%s can be a service’s', (name) => {
    expect(problemsIn(edited(['prober: { kind', `${name}: { kind`], ['from: [prober]', `from: [${name}]`]))).toEqual(
      [],
    );
  });

  it.each([
    ['abcdefghijklmnop', 'at most 15 characters'],
    ['Prober', 'lower-case letters, digits and hyphens between them, starting with a letter'],
    ['prober-', 'lower-case letters, digits and hyphens between them, starting with a letter'],
    ['1st', 'lower-case letters, digits and hyphens between them, starting with a letter'],
    ['a_b', 'lower-case letters, digits and hyphens between them, starting with a letter'],
  ])('%s cannot', (name, expected) => {
    const text = edited(['prober: { kind', `${name}: { kind`]);
    expect(problemsIn(text)).toContainEqual({
      message: `services.${name}: is not a name that can be used here`,
      expected,
      where: placeIn(text, `${name}: { kind`),
    });
  });
});

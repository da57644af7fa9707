import { describe, expect, it } from 'vitest';
import { checksFor } from '../../../src/checks/all.ts';
import { faultsFor } from '../../../src/faults/break.ts';
import { loadLab } from '../../../src/life/labs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { siteAddress, siteEndpoint } from '../../../src/plan/site.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { composeFile } from '../../../src/project/compose.ts';
import { render } from '../../../src/project/render.ts';
import { referenceLab, settingsWith } from './settings.ts';

const planOf = async (lab: string): Promise<Plan> => makePlan(await loadLab(lab), settingsWith());
const distributed = await planOf('distributed-web-infrastructure');
const simple = await planOf('simple-web-stack');
const reference = makePlan(referenceLab, settingsWith());

const areas = (plan: Plan): string[] => [...new Set(checksFor(plan).map(({ requirement }) => requirement))];
const service = (plan: Plan, name: string): Plan['services'][number] | undefined =>
  plan.services.find((one) => one.name === name);

describe('the plan of a lab without firewalls', () => {
  it('publishes the ports of the services themselves, on loopback', () => {
    expect(service(distributed, 'balancer')?.compose['ports']).toEqual(['127.0.0.1:8080:80']);
    expect(service(simple, 'server')?.compose['ports']).toEqual(['127.0.0.1:8080:80']);
    expect(distributed.services.filter(({ compose }) => compose['ports'] !== undefined)).toHaveLength(1);
    expect(service(reference, 'balancer')?.compose['ports']).toBeUndefined();
  });

  it('leads what leaves it to an address that nobody has', () => {
    const [zone] = distributed.zones;
    const taken = distributed.services.map(({ address }) => address);
    expect([zone?.host, ...taken]).not.toContain(zone?.gateway);
    expect(composeFile(distributed, {})).toContain(`DefaultGatewayIPv4: ${zone?.gateway ?? ''}`);
    expect(composeFile(reference, {})).not.toContain('DefaultGatewayIPv4');
  });

  it('serves the site at the balancer, or at the server, in plain HTTP', () => {
    expect(siteAddress(distributed)).toBe(service(distributed, 'balancer')?.address);
    expect(siteAddress(simple)).toBe(service(simple, 'server')?.address);
    expect(siteEndpoint(simple)).toMatchObject({ service: 'server', port: 80, url: 'http://www.foobar.com:8080/' });
    expect(siteEndpoint(reference)).toMatchObject({ service: 'balancer', port: 443 });
    expect(siteAddress(reference)).toBe(reference.zones[0]?.gateway);
  });

  it('has no certificate for visitors, and a balancer that knows none', async () => {
    expect(distributed.certificates.map(({ name }) => name)).not.toContain('site');
    const [file] = distributed.files.filter(({ path }) => path === 'balancer/haproxy.cfg');
    const text = file === undefined ? '' : await render(file);
    expect(text).toContain('set-header X-Forwarded-Proto http\n');
    expect(text).toMatch(/frontend http\n[^]*default_backend servers\n\nbackend servers/);
    expect(text).not.toMatch(/ssl|443|redirect scheme|redirect code 301|Strict-Transport/);
  });
});

describe('a server with everything on it', () => {
  it('is one container with the files, secrets and volume of web server and database', () => {
    expect(simple.services).toHaveLength(1);
    const files = simple.files.map(({ path }) => path);
    for (const file of ['nginx.conf', 'app.json', 'my.cnf', 'role.cnf', 'init.sql'])
      expect(files).toContain(`server/${file}`);
    expect(simple.secrets.find(({ name }) => name === 'mysql-app')?.readers).toEqual(['server']);
    expect(simple.volumes).toEqual(['server-data']);
    expect(simple.services[0]?.image).toBe('lab/server:test');
    expect(new Set(simple.services[0]?.scrapes.map(({ port }) => port)).size).toBe(simple.services[0]?.scrapes.length);
  });

  it('waits for no replica, as there is none', async () => {
    const role = simple.files.find(({ path }) => path === 'server/role.cnf');
    expect(role === undefined ? '' : await render(role)).not.toContain('semi_sync');
  });
});

describe('the checks of a lab', () => {
  it('are those of what it has', () => {
    expect(areas(reference)).toEqual([
      'firewalls',
      'tls',
      'balancing',
      'servers',
      'database',
      'monitoring',
      'hardening',
    ]);
    expect(areas(distributed)).toEqual(['balancing', 'servers', 'database', 'hardening']);
    expect(areas(simple)).toEqual(['servers', 'database', 'hardening']);
  });

  it('speak of nothing that it lacks', () => {
    for (const { expected, reproduce, title } of [...checksFor(distributed), ...checksFor(simple)])
      expect(`${title} ${expected} ${reproduce}`).not.toMatch(/prometheus|fw-|https:|undefined|cacert/);
    const words = checksFor(simple)
      .map(({ title, expected, reproduce }) => `${title} ${expected} ${reproduce}`)
      .join('\n');
    expect(words).not.toMatch(/\bboth\b(?! sides)|replica\b(?!te)|probe balancer/);
  });

  it('ask for the site in each of them', () => {
    const ids = (plan: Plan): string[] => checksFor(plan).map(({ id }) => id);
    expect(ids(simple)).toContain('servers.site-answers');
    expect(ids(distributed)).toContain('balancing.site-answers');
    expect(ids(distributed)).not.toContain('servers.site-answers');
  });
});

describe('the faults of a lab', () => {
  it('break only what it has', () => {
    for (const plan of [distributed, simple])
      expect(
        faultsFor(plan).filter(({ part }) => ['firewalls', 'tls', 'monitoring', 'network'].includes(part)),
      ).toEqual([]);
    const names = faultsFor(simple).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['server-only-one-gone', 'database-stopped', 'server-nginx-stopped']));
    expect(names.filter((name) => /replica|lag|semisync|primary-gone|^balancer/.test(name))).toEqual([]);
    expect(faultsFor(distributed).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['server-gone', 'database-primary-gone', 'balancer-few-connections']),
    );
  });
});

import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/plan/plan.ts';
import type { Plan } from '../../../src/plan/types.ts';
import { referenceLab, settingsWith } from './settings.ts';

const plan = makePlan(referenceLab, settingsWith());

/** Whether the policy lets one service reach another's port, or no firewall stands between them. */
function reaches({ services, policy }: Plan, from: string, to: string, port: number): boolean {
  const zoneOf = (name: string): string | undefined => services.find((service) => service.name === name)?.zone;
  if (zoneOf(from) === zoneOf(to)) return true;
  return policy.some(
    (flow) =>
      flow.to.service === to &&
      flow.to.port === port &&
      ((flow.from.kind === 'service' && flow.from.service === from) ||
        (flow.from.kind === 'zone' && flow.from.zone === zoneOf(from))),
  );
}

describe('a plan', () => {
  it('is the same for the same input, and does not change its input', () => {
    const lab = structuredClone(referenceLab);
    const settings = settingsWith();
    expect(makePlan(lab, settings)).toEqual(plan);
    expect(lab).toEqual(referenceLab);
    expect(settings).toEqual(settingsWith());
  });

  it('is plain data: it survives being written and read', () => {
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it('has every service of the lab once, with an image and an address of its own', () => {
    expect(plan.services.map(({ name }) => name).sort()).toEqual(Object.keys(referenceLab.services).sort());
    expect(new Set(plan.services.map(({ address }) => address)).size).toBe(plan.services.length);
    for (const { image } of plan.services) expect(image).toMatch(/^(lab\/[a-z]+:test|grafana\/grafana:[\d.]+)$/);
  });

  it('lets Prometheus reach whatever it asks', () => {
    const scrapes = plan.services.flatMap((service) => service.scrapes);
    expect(scrapes.length).toBeGreaterThan(20);
    expect(scrapes.filter(({ service, port }) => !reaches(plan, 'prometheus', service, port))).toEqual([]);
  });

  it('asks each of the three servers for host, Nginx and application', () => {
    for (const name of ['web1', 'web2', 'web3']) {
      const jobs = plan.services.find((service) => service.name === name)?.scrapes.map(({ job }) => job);
      expect(jobs).toEqual(['node', 'nginx', 'application']);
    }
  });

  it('keeps secrets apart: a name and readers, the application’s password with every reader of it', () => {
    const readers = Object.fromEntries(plan.secrets.map(({ name, readers }) => [name, [...readers].sort()]));
    expect(readers['mysql-app']).toEqual(['db-primary', 'db-replica', 'web1', 'web2', 'web3']);
    expect(readers['mysql-replicator']).toEqual(['db-primary', 'db-replica']);
    for (const secret of plan.secrets) expect(Object.keys(secret).sort()).toEqual(['name', 'readers']);
  });

  it('publishes ports on loopback, on the edge firewall alone', () => {
    const published = plan.services.filter(({ compose }) => (compose['ports'] as string[] | undefined)?.length);
    expect(published.map(({ name }) => name)).toEqual(['fw-edge']);
    expect(published[0]?.compose['ports']).toEqual(
      plan.endpoints.map(({ hostPort, port }) => `127.0.0.1:${hostPort}:${port}`),
    );
  });

  it('takes ports from the settings where they name them', () => {
    const { endpoints } = makePlan(referenceLab, settingsWith({ ports: { https: 443, http: 80, grafana: 3333 } }));
    const urls = Object.fromEntries(endpoints.map(({ name, url }) => [name, url]));
    expect(urls).toMatchObject({
      https: 'https://www.foobar.com/',
      http: 'http://www.foobar.com/',
      grafana: 'http://127.0.0.1:3333/',
      inbox: 'http://127.0.0.1:8025/',
    });
  });
});

describe('a plan without Grafana', () => {
  const without = makePlan(referenceLab, settingsWith({ grafana: false }));

  it('has no trace of it: no service, endpoint, flow, scrape, secret or rule', () => {
    expect(JSON.stringify({ ...without, settings: undefined })).not.toContain('grafana');
    expect(JSON.stringify(plan.services)).toContain('grafana');
    expect(without.policy).toHaveLength(plan.policy.length - 1);
    expect(without.endpoints).toHaveLength(plan.endpoints.length - 1);
  });

  it('is otherwise the same, addresses of later services aside', () => {
    const names = (of: Plan): string[] => of.services.map(({ name }) => name).filter((name) => name !== 'grafana');
    expect(names(without)).toEqual(names(plan));
    expect(without.certificates).toEqual(plan.certificates);
    expect(without.zones).toEqual(plan.zones);
  });
});

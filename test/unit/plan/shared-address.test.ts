import { expect, test } from 'vitest';
import { checksFor } from '../../../src/checks/all.ts';
import { matrixOf } from '../../../src/checks/firewalls/matrix.ts';
import { loadLab } from '../../../src/life/labs.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { doorOf } from '../../../src/plan/site.ts';
import { renderTemplate } from '../../../src/project/render.ts';
import { referenceLab, settingsWith } from './settings.ts';

const plan = makePlan(await loadLab('scaled-up'), settingsWith());
const [shared] = plan.sharedAddresses;
const file = (path: string): string => {
  const found = plan.files.find((one) => one.path === path);
  if (found === undefined) throw new Error(`no file ${path}`);
  return renderTemplate(found.template, found.data);
};

test('is an address of the zone that no service has', () => {
  expect(shared).toMatchObject({ name: 'balancer', zone: 'dmz', among: ['balancer1', 'balancer2'] });
  expect(plan.services.map(({ address }) => address)).not.toContain(shared?.address);
  expect(doorOf(plan)).toBe(shared);
});

test('is where the edge firewall sends visitors; nothing else of the balancers is open to them', () => {
  const rules = file('fw-edge/rules.v4');
  for (const port of [80, 443]) expect(rules).toContain(`DNAT --to-destination ${shared?.address}:${port}`);
  const open = matrixOf(plan).filter(
    ({ from, zone, expected }) => from.kind === 'zone' && zone === 'edge' && expected === 'allowed',
  );
  expect(new Set(open.map(({ address, port }) => `${address}:${port}`))).toEqual(
    new Set([`${shared?.address}:80`, `${shared?.address}:443`]),
  );
});

test('VRRP is no conversation of the firewalls: the balancers tell each other alone', () => {
  expect(['fw-edge', 'fw-app', 'fw-data'].map((name) => file(`${name}/rules.v4`)).join('')).not.toMatch(
    /vrrp|-p 112|224\.0\.0\.18/,
  );
  const addresses = ['balancer1', 'balancer2'].map((name) => plan.services.find((one) => one.name === name)?.address);
  const [first, second] = ['balancer1', 'balancer2'].map((name) => file(`${name}/keepalived.conf`));
  expect(first).toMatch(new RegExp(`unicast_src_ip ${addresses[0]}\\s+unicast_peer \\{\\s+${addresses[1]}\\s+\\}`));
  expect(second).toMatch(new RegExp(`unicast_src_ip ${addresses[1]}\\s+unicast_peer \\{\\s+${addresses[0]}\\s+\\}`));
});

test('both balancers show one certificate, and have one configuration', () => {
  expect(file('balancer1/haproxy.cfg')).toBe(file('balancer2/haproxy.cfg'));
  expect(plan.certificates.filter(({ name }) => name === 'site').map(({ copyOf }) => copyOf)).toEqual([
    undefined,
    'balancer1',
  ]);
});

test('only those that share it get rights, and none other in any lab', () => {
  const added = (services: typeof plan.services): string[] =>
    services.filter(({ compose }) => compose['cap_add'] !== undefined).map(({ name }) => name);
  expect(added(plan.services)).toEqual(['balancer1', 'balancer2']);
  expect(added(makePlan(referenceLab, settingsWith()).services)).toEqual([]);
});

test('has checks of its own; a lab with one balancer has none of them', () => {
  const own = ['balancing.one-holder', 'balancing.survives-killed-balancer', 'balancing.survives-hung-balancer'];
  expect(checksFor(plan).map(({ id }) => id)).toEqual(expect.arrayContaining(own));
  const reference = checksFor(makePlan(referenceLab, settingsWith())).map(({ id }) => id);
  expect(reference.filter((id) => own.includes(id))).toEqual([]);
});

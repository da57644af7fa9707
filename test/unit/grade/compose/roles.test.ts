import { expect, test } from 'vitest';
import { planned, rolesText, small } from './stack.ts';

const wrong: readonly [what: string, code: string, where: string, roles: string][] = [
  ['an unknown part', 'ROLES_INVALID', 'lab-roles.yml:1:1', `cache: one\n${rolesText.trim()}\n`],
  ['no balancer', 'ROLES_INVALID', 'lab-roles.yml:2:1', rolesText.replace('balancer: lb', '')],
  ['a number for a name', 'ROLES_INVALID', 'lab-roles.yml:3:11', rolesText.replace('balancer: lb', 'balancer: 7')],
  ['four servers', 'ROLES_INVALID', 'lab-roles.yml:4:6', rolesText.replace('[one, two]', '[one, two, door, db]')],
  ['an unknown zone', 'ROLES_INVALID', 'lab-roles.yml:6:8', rolesText.replace('dmz: middle', 'moon: middle')],
  ['a service that is not there', 'ROLES_UNKNOWN', 'lab-roles.yml:4:12', rolesText.replace('[one, two]', '[one, six]')],
  [
    'a network that is not there',
    'ROLES_UNKNOWN',
    'lab-roles.yml:6:30',
    rolesText.replace('dmz: middle', 'dmz: inside'),
  ],
  ['a server twice', 'ROLES_TWICE', 'lab-roles.yml:4:12', rolesText.replace('[one, two]', '[one, one]')],
  ['one network for two zones', 'ROLES_TWICE', 'lab-roles.yml:6:30', rolesText.replace('dmz: middle', 'dmz: outside')],
  ['a bomb', 'COMPOSE_ALIASES', 'lab-roles.yml:1:8', `x: &a [*a]\n${rolesText}`],
];

test.each(wrong)('%s is said with its place', (_, code, where, roles) => {
  const plan = planned(small(), roles);
  if ('project' in plan) throw new Error('taken');
  expect(plan.refusals).toContainEqual(
    expect.objectContaining({ code, where: expect.stringMatching(new RegExp(`^${where}|:\\d+:\\d+$`)) }),
  );
  expect(plan.refusals.map(({ where: at }) => at).join(' ')).toContain(where);
});

test('who is no firewall in lab-roles.yml gets no right to change the network', () => {
  const plan = planned(small(), rolesText.replace('firewalls: { fw-edge: door }', ''));
  if ('project' in plan) throw new Error('taken');
  expect(plan.refusals.map(({ code }) => code).sort()).toEqual(['COMPOSE_CAPABILITY', 'COMPOSE_SYSCTL']);
});

test('zones and addresses come out in the block of this grading', () => {
  const plan = planned(small());
  if ('refusals' in plan) throw new Error(JSON.stringify(plan.refusals));
  const { zones, addresses, files, roles } = plan.project;
  expect(zones).toEqual([
    {
      name: 'edge',
      network: 'grade-1_edge',
      subnet: '10.90.5.0/27',
      gateway: '10.90.5.1',
      probeRange: '10.90.5.16/28',
    },
    {
      name: 'dmz',
      network: 'grade-1_inner-dmz',
      subnet: '10.90.5.64/27',
      gateway: '10.90.5.65',
      probeRange: '10.90.5.80/28',
    },
  ]);
  expect(addresses['door']).toEqual({ edge: '10.90.5.2', dmz: '10.90.5.66' });
  expect(addresses['one']).toEqual({ dmz: '10.90.5.69' });
  expect(roles.web).toEqual(['one', 'two']);
  expect(files.map(({ path }) => path)).toEqual([
    'submitted/config/door/rules.v4',
    'submitted/config/lb/haproxy.cfg',
    'submitted/secrets/site.pem',
  ]);
  expect(files[0]?.content).toBe('-A FORWARD -d 10.90.5.68 -j ACCEPT\n-A FORWARD -s 8.10.77.0 -j DROP\n');
  expect(plan.notes).toContain(
    'config/door/rules.v4: addresses of 10.77.0.0/24 became addresses of 10.90.5.0/24 in line 1',
  );
});

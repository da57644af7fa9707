import { describe, expect, test } from 'vitest';
import {
  deniedToZone,
  firewallsOnTheWay,
  flowsOfZone,
  inhabitedZones,
  offered,
  routerAddresses,
  spareAddress,
  spoken,
  targetOf,
  zoneNamed,
} from '../../../../src/checks/firewalls/flows.ts';
import { makePlan } from '../../../../src/plan/plan.ts';
import { referenceLab, settingsWith } from '../../plan/settings.ts';

const plan = makePlan(referenceLab, settingsWith());
const service = (name: string) => plan.services.find((one) => one.name === name) ?? expect.unreachable(name);

test('the transit between the firewalls is nobody’s home', () => {
  expect(inhabitedZones(plan).map(({ name }) => name)).toEqual(['edge', 'dmz', 'web', 'data', 'ops']);
});

describe('what is denied', () => {
  test('to a zone is all that is offered elsewhere and is no flow of the zone', () => {
    for (const { name } of inhabitedZones(plan)) {
      const denied = deniedToZone(plan, name);
      const allowed = flowsOfZone(plan, name).map(({ to }) => spoken(targetOf(plan, to)));
      const own = offered(plan).filter((target) => service(target.service).zone === name);
      expect(new Set([...denied.map(spoken), ...allowed, ...own.map(spoken)])).toEqual(
        new Set(offered(plan).map(spoken)),
      );
      expect(denied.filter((target) => allowed.includes(spoken(target)))).toEqual([]);
    }
  });
});

test('a flow passes the firewall of its own zone, then the one it leads to', () => {
  const way = (name: string, to: string): string[] => {
    const flow = plan.policy.find((one) => one.flow === name && one.to.service === to);
    return flow === undefined ? [] : firewallsOnTheWay(plan, flow);
  };
  expect(way('visitors', 'balancer')).toEqual(['fw-edge']);
  expect(way('balancing', 'web1')).toEqual(['fw-edge', 'fw-app']);
  expect(way('application-data', 'db-primary')).toEqual(['fw-app', 'fw-data']);
  expect(way('scrape-firewalls', 'fw-app')).toEqual(['fw-edge', 'fw-app']);
});

test('spare addresses are in their zone, one for each use, and nobody has them', () => {
  const taken = plan.services.flatMap(({ attachments }) => attachments.map(({ address }) => address));
  for (const zone of plan.zones) {
    const spares = (['flood', 'spoof', 'invalid'] as const).map((use) => spareAddress(plan, zone, use));
    expect(new Set(spares).size).toBe(3);
    for (const address of spares) {
      expect(address.startsWith('10.77.0.')).toBe(true);
      expect([...taken, zone.gateway, zone.host]).not.toContain(address);
    }
  }
});

test('a firewall is asked at all its addresses', () => {
  const edge = service('fw-edge').attachments.map(({ address }) => address);
  expect(routerAddresses(plan, zoneNamed(plan, 'dmz'))).toEqual(
    expect.arrayContaining([zoneNamed(plan, 'dmz').gateway, ...edge]),
  );
});

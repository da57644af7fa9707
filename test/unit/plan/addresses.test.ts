import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planAttachments, planZones, servicesPerZone, zonesPerLab } from '../../../src/plan/addresses.ts';
import { overlaps } from '../../../src/overlaps.ts';
import { parseAddress, parseSubnet } from '../../../src/plan/ipv4.ts';
import { randomBlock, randomLab } from './random-lab.ts';
import { referenceLab, settingsWith } from './settings.ts';

describe('zones', () => {
  it('lie apart from each other and inside the block, for any lab and block', () => {
    fc.assert(
      fc.property(randomLab, randomBlock, (lab, block) => {
        const zones = planZones(lab, settingsWith({ block }));
        expect(zones.map(({ name }) => name)).toEqual(Object.keys(lab.zones));
        const whole = parseSubnet(block);
        zones.forEach((zone, index) => {
          const { base, prefix } = parseSubnet(zone.subnet);
          expect(base).toBeGreaterThanOrEqual(whole.base);
          expect(base + 2 ** (32 - prefix)).toBeLessThanOrEqual(whole.base + 256);
          for (const other of zones.slice(index + 1)) expect(overlaps(zone.subnet, other.subnet)).toBe(false);
          expect(overlaps(zone.probeRange, zone.subnet)).toBe(true);
          expect(parseSubnet(zone.probeRange).base).toBe(base + 16);
        });
        expect(zones.filter(({ host }) => host !== undefined).map(({ name }) => name)).toEqual(['edge']);
      }),
    );
  });

  it('come from a /24', () => {
    expect(() => planZones(referenceLab, settingsWith({ block: '10.77.0.0/25' }))).toThrow(RangeError);
    expect(zonesPerLab).toBe(8);
  });

  it('have networks of their own in every project, the edge first in the alphabet', () => {
    const names = ['a', 'b'].flatMap((project) =>
      planZones(referenceLab, settingsWith({ project })).map(({ network }) => network),
    );
    expect(new Set(names).size).toBe(12);
    expect([...names].filter((name) => name.startsWith('a_')).sort()[0]).toBe('a_edge');
  });
});

describe('attachments', () => {
  it('have addresses of their own, in the lower half of their zone and never its first, last or gateway', () => {
    fc.assert(
      fc.property(randomLab, randomBlock, (lab, block) => {
        const zones = planZones(lab, settingsWith({ block }));
        const all = [...planAttachments(lab, zones)].flatMap(([service, list]) =>
          list.map((one) => ({ service, ...one })),
        );
        expect(new Set(all.map(({ address }) => address)).size).toBe(all.length);
        expect(new Set(all.map(({ mac }) => mac)).size).toBe(all.length);
        for (const { service, zone: name, address, mac } of all) {
          const zone = zones.find((candidate) => candidate.name === name);
          const offset = parseAddress(address) - parseSubnet(zone?.subnet ?? '').base;
          expect(offset).toBeGreaterThan(1);
          expect(offset).toBeLessThan(16);
          expect(overlaps(zone?.probeRange ?? '', `${address}/32`)).toBe(false);
          expect(address).not.toBe(zone?.host);
          if (lab.services[service]?.kind !== 'firewall') expect(address).not.toBe(zone?.gateway);
          expect(mac).toMatch(/^02:42(:[0-9a-f]{2}){4}$/);
        }
      }),
    );
  });

  it('carry one default route each: a firewall’s on the edge where it has one, else on core', () => {
    fc.assert(
      fc.property(randomLab, (lab) => {
        for (const [service, list] of planAttachments(lab, planZones(lab, settingsWith()))) {
          const first = list.filter((attachment) => attachment.first).map(({ zone }) => zone);
          const kind = lab.services[service]?.kind;
          expect(first).toHaveLength(1);
          if (kind === 'firewall') expect(first).toEqual([service === lab.zones['edge']?.router ? 'edge' : 'core']);
        }
      }),
    );
  });

  it('leave room for as many services as the consistency rules allow', () => {
    expect(servicesPerZone).toBe(12);
  });
});

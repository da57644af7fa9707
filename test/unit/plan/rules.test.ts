import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyOf } from '../../../src/lab/policy.ts';
import type { Lab } from '../../../src/lab/schema.ts';
import { planAttachments, planZones } from '../../../src/plan/addresses.ts';
import { formatAddress, parseSubnet } from '../../../src/plan/ipv4.ts';
import type { FirewallRules } from '../../../src/plan/rules.ts';
import { firewallRules } from '../../../src/plan/rules.ts';
import type { AttachmentPlan, ZonePlan } from '../../../src/plan/types.ts';
import type { Packet, Verdict } from './packet-filter.ts';
import { contains, packetFilter } from './packet-filter.ts';
import { randomLab } from './random-lab.ts';
import { referenceLab, settingsWith } from './settings.ts';

interface World {
  lab: Lab;
  zones: ZonePlan[];
  attachments: Map<string, AttachmentPlan[]>;
  firewalls: string[];
  rules: Map<string, FirewallRules>;
  verdict(firewall: string, packet: Packet): Verdict;
}

function worldOf(lab: Lab): World {
  const zones = planZones(lab, settingsWith());
  const attachments = planAttachments(lab, zones);
  const firewalls = Object.keys(lab.services).filter((name) => lab.services[name]?.kind === 'firewall');
  const endpoints = Object.entries(lab.endpoints).map(([name, { to }]) => {
    const [service = '', port] = to.split(':');
    return { name, service, port: Number(port) };
  });
  const input = { zones, attachments, policy: policyOf(lab), endpoints, limits: lab.limits };
  const rules = new Map(firewalls.map((firewall) => [firewall, firewallRules({ ...input, firewall })]));
  const filters = new Map([...rules].map(([firewall, { filter }]) => [firewall, packetFilter(filter)]));
  const verdict = (firewall: string, packet: Packet): Verdict => filters.get(firewall)?.(packet) ?? 'DROP';
  return { lab, zones, attachments, firewalls, rules, verdict };
}

const interfacesOf = (world: World, firewall: string): string[] =>
  (world.attachments.get(firewall) ?? []).map(({ zone }) => zone);

/** The address at which others meet a service, told from the plan alone. */
function addressOf(world: World, service: string): string {
  const own = world.attachments.get(service) ?? [];
  return (own.find(({ zone }) => zone === 'core') ?? own[0])?.address ?? '';
}

const zoneWith = (world: World, address: string): ZonePlan | undefined =>
  world.zones.find(({ subnet }) => contains(subnet, address));

/** Whether the lab's flows let an address open a connection. */
function isAllowed(world: World, source: string, service: string, port: number): boolean {
  const { lab, zones } = world;
  return Object.values(lab.flows).some(
    ({ from, to }) =>
      to.includes(`${service}:${port}`) &&
      from.some((name) => {
        if (name === 'host') return zones.some(({ host }) => host === source);
        const zone = zones.find((candidate) => candidate.name === name);
        return zone === undefined ? addressOf(world, name) === source : contains(zone.subnet, source);
      }),
  );
}

interface Hop {
  firewall: string;
  in: string;
  out: string | undefined;
}

/** Where a packet goes: from its zone's router over core to the target's. None where it meets no firewall. */
function pathOf(world: World, source: string, service: string): Hop[] {
  const from = zoneWith(world, source);
  if (from === undefined) return [];
  const kind = world.lab.services[service]?.kind;
  const home = world.attachments.get(service)?.[0]?.zone ?? '';
  const to = kind === 'firewall' ? 'core' : home;
  const last = kind === 'firewall' ? service : (world.zones.find(({ name }) => name === to)?.router ?? '');
  const out = kind === 'firewall' ? undefined : to;
  if (from.name === 'core') return [{ firewall: last, in: 'core', out }];
  if (from.router === last) return [{ firewall: last, in: from.name, out }];
  return [
    { firewall: from.router ?? '', in: from.name, out: 'core' },
    { firewall: last, in: 'core', out },
  ];
}

/** Everything that might send: services, the host, and a visitor or stranger in each zone and outside. */
function sourcesOf(world: World): string[] {
  const inside = Object.keys(world.lab.services).map((service) => addressOf(world, service));
  const strangers = world.zones.map(({ subnet }) => formatAddress(parseSubnet(subnet).base + 20));
  return [...inside, ...strangers, ...world.zones.flatMap(({ host }) => host ?? []), '8.8.8.8', '127.0.0.1'];
}

const opening = { state: 'NEW', syn: true } as const;

/** What every firewall says of a first packet, over all ways in and out, against the policy. */
function disagreements(world: World, source: string, service: string, port: number): string[] {
  const allowed = isAllowed(world, source, service, port);
  const path = pathOf(world, source, service);
  const destination = addressOf(world, service);
  return world.firewalls.flatMap((firewall) => {
    // Its own packets pass its OUTPUT; with its address from outside, the kernel drops them as martians.
    if ((world.attachments.get(firewall) ?? []).some(({ address }) => address === source)) return [];
    const interfaces = interfacesOf(world, firewall);
    return interfaces.flatMap((inside) =>
      [...interfaces, undefined].flatMap((out) => {
        if (out === inside) return [];
        const onPath = path.some((hop) => hop.firewall === firewall && hop.in === inside && hop.out === out);
        const wanted: Verdict = allowed && onPath ? 'ACCEPT' : 'DROP';
        const found = world.verdict(firewall, { in: inside, out, source, destination, port, ...opening });
        return found === wanted
          ? []
          : [`${firewall} ${inside}->${out ?? 'itself'} ${source}->${service}:${port}: ${found}, not ${wanted}`];
      }),
    );
  });
}

describe('rules', () => {
  it('of the reference lab let pass what is a flow, on its way, and nothing else', () => {
    const world = worldOf(referenceLab);
    const ports = [...new Set([...policyOf(referenceLab).map(({ to }) => to.port), 22, 8080])];
    const wrong: string[] = [];
    let accepted = 0;
    for (const source of sourcesOf(world)) {
      for (const service of Object.keys(referenceLab.services)) {
        for (const port of ports) {
          wrong.push(...disagreements(world, source, service, port));
          if (isAllowed(world, source, service, port)) accepted++;
        }
      }
    }
    expect(wrong).toEqual([]);
    expect(accepted).toBeGreaterThan(policyOf(referenceLab).length);
  }, 60_000);

  it('of any lab do', () => {
    fc.assert(
      fc.property(
        randomLab,
        fc.array(fc.tuple(fc.nat(99), fc.nat(99), fc.constantFrom(22, 80, 443, 3306, 9100)), { maxLength: 15 }),
        (lab, picks) => {
          const world = worldOf(lab);
          const sources = sourcesOf(world);
          const services = Object.keys(lab.services);
          for (const { to } of policyOf(lab)) {
            for (const source of sources) expect(disagreements(world, source, to.service, to.port)).toEqual([]);
          }
          for (const [source, service, port] of picks) {
            expect(
              disagreements(
                world,
                sources[source % sources.length] ?? '',
                services[service % services.length] ?? '',
                port,
              ),
            ).toEqual([]);
          }
        },
      ),
      { numRuns: 40 },
    );
  }, 60_000);

  it('accept nobody who speaks with the firewall’s own address', () => {
    fc.assert(
      fc.property(randomLab, (lab) => {
        const world = worldOf(lab);
        for (const [firewall, { filter }] of world.rules) {
          const own = (world.attachments.get(firewall) ?? []).map(({ address }) => `-s ${address} `);
          expect(filter.filter(({ match }) => own.some((source) => match.includes(source)))).toEqual([]);
        }
      }),
      { numRuns: 300 },
    );
  }, 60_000);

  it('let replies pass both ways, and drop what has no conversation or does not begin one properly', () => {
    const world = worldOf(referenceLab);
    const web1 = addressOf(world, 'web1');
    const balancer = addressOf(world, 'balancer');
    const packet = { in: 'core', out: 'web', source: balancer, destination: web1, port: 80 };
    const reply = { in: 'web', out: 'core', source: web1, destination: balancer, port: 40_000 };
    expect(world.verdict('fw-app', { ...packet, state: 'NEW', syn: true })).toBe('ACCEPT');
    expect(world.verdict('fw-app', { ...reply, state: 'ESTABLISHED', syn: false })).toBe('ACCEPT');
    expect(world.verdict('fw-app', { ...reply, state: 'RELATED', syn: false })).toBe('ACCEPT');
    expect(world.verdict('fw-app', { ...packet, state: 'INVALID', syn: true })).toBe('DROP');
    expect(world.verdict('fw-app', { ...packet, state: 'NEW', syn: false })).toBe('DROP');
    expect(world.verdict('fw-app', { ...reply, state: 'NEW', syn: true })).toBe('DROP');
  });

  it('tell servers of a conversation that they do not know, and visitors nothing', () => {
    for (const { filter } of worldOf(referenceLab).rules.values()) {
      const verdicts = filter.filter(({ chain, target }) => chain === 'stray' && !target.startsWith('NFLOG'));
      expect(verdicts.map(({ match, target }) => [match, target])).toEqual([
        ['-i edge', 'DROP'],
        ['-p tcp', 'REJECT --reject-with tcp-reset'],
        ['', 'DROP'],
      ]);
    }
  });

  it('believe no source address that cannot live behind the interface, not even in a conversation', () => {
    fc.assert(
      fc.property(randomLab, (lab) => {
        const world = worldOf(lab);
        for (const firewall of world.firewalls) {
          const interfaces = interfacesOf(world, firewall);
          for (const source of sourcesOf(world)) {
            const home = zoneWith(world, source);
            for (const inside of interfaces) {
              const behind =
                home !== undefined &&
                (home.name === inside || (inside === 'core' && (home.name === 'core' || home.router !== firewall)));
              for (const out of [...interfaces, undefined]) {
                const packet = {
                  in: inside,
                  out,
                  source,
                  destination: '10.77.0.40',
                  port: 80,
                  state: 'ESTABLISHED',
                  syn: false,
                } as const;
                expect(world.verdict(firewall, packet)).toBe(behind ? 'ACCEPT' : 'DROP');
              }
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  }, 60_000);

  it('limit new connections at the edge firewall only, before any flow is looked at', () => {
    const world = worldOf(referenceLab);
    for (const [firewall, { filter }] of world.rules) {
      for (const chain of ['INPUT', 'FORWARD']) {
        const list = filter.filter((rule) => rule.chain === chain);
        const limit = list.findIndex(({ target }) => target === 'flood');
        const firstFlow = list.findIndex(({ comment }) => comment.startsWith('flow:'));
        expect(limit >= 0).toBe(firewall === 'fw-edge');
        if (limit >= 0) {
          expect(limit).toBeLessThan(firstFlow);
          expect(list[limit]?.match).toMatch(
            /^-i edge -p tcp --syn -m hashlimit --hashlimit-above 200\/second --hashlimit-burst 300 --hashlimit-mode srcip/,
          );
        }
      }
    }
  });
});

describe('chains', () => {
  it('all exist, and none ends without a verdict', () => {
    fc.assert(
      fc.property(randomLab, (lab) => {
        for (const { chains, filter } of worldOf(lab).rules.values()) {
          const builtIn = ['INPUT', 'FORWARD'];
          expect(new Set(filter.map(({ chain }) => chain))).toEqual(new Set([...chains, ...builtIn]));
          for (const { target } of filter)
            expect([...chains, 'ACCEPT', 'DROP', 'RETURN', 'NFLOG', 'REJECT']).toContain(target.split(' ')[0]);
          for (const chain of [...chains, ...builtIn]) {
            const last = filter.filter((rule) => rule.chain === chain).at(-1);
            expect(last?.match).toBe('');
            expect(['DROP', 'denied', 'spoofed']).toContain(last?.target);
          }
        }
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

describe('published ports', () => {
  it('are forwarded by the edge firewall alone, to where the policy lets the host', () => {
    const world = worldOf(referenceLab);
    expect(world.rules.get('fw-app')?.nat).toEqual([]);
    expect(world.rules.get('fw-data')?.nat).toEqual([]);
    const nat = world.rules.get('fw-edge')?.nat ?? [];
    expect(nat.map(({ comment }) => comment)).toEqual(
      Object.keys(referenceLab.endpoints).map((name) => `endpoint:${name}`),
    );
    const edge = world.zones.find(({ name }) => name === 'edge');
    for (const { chain, match, target } of nat) {
      const [, port] = /^-d \S+ -p tcp --dport (\d+)$/.exec(match) ?? [];
      const [, address = '', inside] = /^DNAT --to-destination (\S+):(\d+)$/.exec(target) ?? [];
      expect([chain, match.split(' ')[1], inside]).toEqual(['PREROUTING', edge?.gateway, port]);
      const packet = {
        in: 'edge',
        out: zoneWith(world, address)?.name,
        source: edge?.host ?? '',
        destination: address,
        port: Number(port),
        ...opening,
      };
      expect(world.verdict('fw-edge', packet)).toBe('ACCEPT');
    }
  });
});

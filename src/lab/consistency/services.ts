import type { LabDraft } from '../draft.ts';
import { plays } from '../plays.ts';
import type { LabProblem } from './problem.ts';
import { builtIn, takenName, unknownName } from './problem.ts';
import { isOneNetwork } from './zones.ts';

/** How many services fit below the probes of a zone's /27, and firewalls below those of `core` (plan/addresses.ts). */
const mostServicesPerZone = 12;
const mostFirewalls = 14;

type Services = NonNullable<LabDraft['services']>;

export function serviceProblems({ zones, services, sharedAddresses = {} }: LabDraft): LabProblem[] {
  if (services === undefined) return [];
  const zoneNames = zones && Object.keys(zones);
  const oneNetwork = isOneNetwork({ zones, services });
  return [
    ...Object.keys(services).flatMap((name) => nameProblems(name, zoneNames ?? [])),
    ...Object.entries(services).flatMap(([name, { zone }]) =>
      zone === undefined || (oneNetwork && zone === 'edge') ? [] : homeProblems(name, zone, zoneNames),
    ),
    ...crowds(services, zoneNames ?? [], Object.values(sharedAddresses)),
    ...databaseProblems(services),
  ];
}

function nameProblems(name: string, zones: readonly string[]): LabProblem[] {
  const path = ['services', name];
  if (zones.includes(name)) return [takenName(path, 'a zone has this name')];
  if (name === 'host') return [takenName(path, 'in flows, host means this machine')];
  if (name === 'localhost') return [takenName(path, 'every service calls itself localhost')];
  return name === builtIn ? [takenName(path, 'the name is reserved')] : [];
}

function homeProblems(name: string, zone: string, zones: readonly string[] | undefined): LabProblem[] {
  const path = ['services', name, 'zone'];
  if (zone === 'edge' || zone === 'core') {
    const inner = zones?.filter((other) => other !== 'edge' && other !== 'core') ?? [];
    const expected = inner.length > 0 ? { expected: inner.join(', ') } : {};
    return [
      {
        path,
        message: `services.${name}.zone: no service lives in ${zone}`,
        ...expected,
        found: zone,
        fix: 'put it behind a firewall',
      },
    ];
  }
  if (zones === undefined || zones.includes(zone)) return [];
  return [unknownName(path, `services.${name}.zone: there is no zone "${zone}"`, zone, zones)];
}

function crowds(
  services: Services,
  zones: readonly string[],
  shared: readonly { among?: readonly (string | undefined)[] }[],
): LabProblem[] {
  const all = Object.values(services);
  // A shared address takes one of its zone, as a service does.
  const sharedIn = shared.map(({ among }) => services[among?.[0] ?? '']?.zone);
  const firewalls = all.filter(({ kind }) => kind === 'firewall').length;
  return [
    ...zones.flatMap((zone): LabProblem[] => {
      const found = [...all.map((service) => service.zone), ...sharedIn].filter((one) => one === zone).length;
      if (found <= mostServicesPerZone) return [];
      const message = `zones.${zone}: too many services live in it`;
      return [{ path: ['zones', zone], message, expected: `at most ${mostServicesPerZone}`, found: String(found) }];
    }),
    ...(firewalls > mostFirewalls
      ? [
          {
            path: ['services'],
            message: 'services: there are too many firewalls',
            expected: `at most ${mostFirewalls}`,
            found: String(firewalls),
          },
        ]
      : []),
  ];
}

function databaseProblems(services: Services): LabProblem[] {
  const all = Object.entries(services);
  const undecided = all.some(([, { kind, role }]) => kind === undefined || (kind === 'database' && role === undefined));
  const named = (wanted: string): string[] =>
    all.flatMap(([name, { kind, role }]) =>
      (kind === 'database' && role === wanted) || (kind === 'server' && wanted === 'primary') ? [name] : [],
    );
  const [primaries, replicas, members] = [named('primary'), named('replica'), named('member')];
  const needy = all.find(([, { kind }]) => plays(kind, 'web'))?.[0] ?? replicas[0];
  return [
    ...(needy !== undefined && primaries.length + members.length === 0 && !undecided ? [withoutPrimary(needy)] : []),
    ...primaries.slice(1).map((name) => ({
      path: ['services', name, 'role'],
      message: `services.${name}.role: there is a primary already`,
      expected: 'one MySQL server that takes writes',
      found: primaries.join(', '),
      fix: 'make it a replica',
    })),
    ...(members.length === 0 || undecided ? [] : groupProblems(members, [...primaries, ...replicas])),
  ];
}

function withoutPrimary(needy: string): LabProblem {
  return {
    path: ['services', needy],
    message: `services.${needy}: there is no primary that it could use`,
    expected: 'a service such as db-primary: { kind: database, zone: data, role: primary }',
  };
}

/** What a group needs to go on without one of its members: a majority of the others (MySQL's own limit is nine). */
const [fewestMembers, mostMembers] = [3, 9];

function groupProblems(members: readonly string[], others: readonly string[]): LabProblem[] {
  const path = ['services', members[0] ?? '', 'role'];
  const fits = members.length >= fewestMembers && members.length <= mostMembers && members.length % 2 === 1;
  return [
    ...(fits
      ? []
      : [
          {
            path,
            message: 'services: a group has an odd number of members, as it goes on only with a majority of them',
            expected: `${fewestMembers}, 5, 7 or ${mostMembers}`,
            found: `${members.length}: ${members.join(', ')}`,
          },
        ]),
    ...others.map((name) => ({
      path: ['services', name, 'role'],
      message: `services.${name}.role: there is a group already, whose members choose the primary`,
      found: members.join(', '),
      fix: 'make it a member, or leave it out',
    })),
  ];
}

import type { LabDraft } from '../draft.ts';
import type { LabProblem } from './problem.ts';
import { builtIn, takenName, unknownName } from './problem.ts';

/** An address needs a name of its own, and two balancers or more in one zone that can hold it. */
export function sharedAddressProblems(lab: LabDraft): LabProblem[] {
  const { sharedAddresses = {}, services } = lab;
  const held = new Map<string, string>();
  return Object.entries(sharedAddresses).flatMap(([name, { among = [] }]) => {
    const known = among.map((member, index) => ({ member, path: ['sharedAddresses', name, 'among', index] }));
    return [
      ...nameProblems(lab, name),
      ...known.flatMap(({ member, path }) => {
        if (member === undefined) return [];
        const other = held.get(member);
        held.set(member, name);
        return [
          ...(services === undefined ? [] : memberProblems(services, name, member, path)),
          ...(other === undefined ? [] : [heldTwice(name, member, other, path)]),
        ];
      }),
      ...zonesOf(lab, name, among),
    ];
  });
}

function nameProblems({ services = {}, zones = {} }: LabDraft, name: string): LabProblem[] {
  const path = ['sharedAddresses', name];
  if (Object.hasOwn(services, name)) return [takenName(path, 'a service has this name')];
  if (Object.hasOwn(zones, name)) return [takenName(path, 'a zone has this name')];
  return ['host', 'localhost', builtIn].includes(name) ? [takenName(path, 'the name is reserved')] : [];
}

function memberProblems(
  services: NonNullable<LabDraft['services']>,
  name: string,
  member: string,
  path: LabProblem['path'],
): LabProblem[] {
  const balancers = Object.keys(services).filter((service) => services[service]?.kind === 'balancer');
  if (!Object.hasOwn(services, member))
    return [unknownName(path, `sharedAddresses.${name}.among: there is no service "${member}"`, member, balancers)];
  const kind = services[member]?.kind;
  if (kind === undefined || kind === 'balancer') return [];
  return [
    {
      path,
      message: `sharedAddresses.${name}.among: ${member} is no balancer`,
      expected: balancers.join(', ') || 'services of the kind balancer',
      found: `${member}, of the kind ${kind}`,
    },
  ];
}

function heldTwice(name: string, member: string, other: string, path: LabProblem['path']): LabProblem {
  return {
    path,
    message: `sharedAddresses.${name}.among: ${member} ${other === name ? 'is named twice' : `shares ${other} already`}`,
    expected: 'each balancer once',
  };
}

/** An address lives on one link: who takes it over must be there too. */
function zonesOf({ services = {} }: LabDraft, name: string, among: readonly (string | undefined)[]): LabProblem[] {
  const zones = among.flatMap((member) =>
    member !== undefined && Object.hasOwn(services, member) ? [services[member]?.zone] : [],
  );
  if (zones.includes(undefined) || new Set(zones).size < 2) return [];
  return [
    {
      path: ['sharedAddresses', name, 'among'],
      message: `sharedAddresses.${name}.among: they are not in one zone`,
      expected: 'balancers that are neighbours',
      found: among.map((member, index) => `${member ?? ''} in ${zones[index] ?? ''}`).join(', '),
    },
  ];
}

import type { LabDraft } from '../draft.ts';
import type { LabProblem } from './problem.ts';
import { builtIn, takenName, unknownName } from './problem.ts';

/** How many /27 zones fit in a lab's /24 (plan/addresses.ts cuts them). */
const mostZones = 8;

/** A firewall's interface is named after its zone; these names mean something else to the kernel or to a flow. */
const reserved = new Set(['host', 'lo', 'all', 'default', builtIn]);

export function zoneProblems({ zones, services }: LabDraft): LabProblem[] {
  if (zones === undefined) return [];
  const names = Object.keys(zones);
  return [
    ...(['edge', 'core'] as const)
      .filter((zone) => !names.includes(zone))
      .map((zone) => ({ path: ['zones'], message: `zones.${zone}: is missing`, expected: meanings[zone] })),
    ...(names.length > mostZones
      ? [
          {
            path: ['zones'],
            message: 'zones: there are too many',
            expected: `at most ${mostZones}`,
            found: String(names.length),
          },
        ]
      : []),
    ...names.filter((name) => reserved.has(name)).map((name) => takenName(['zones', name], 'the name is reserved')),
    ...(services === undefined ? [] : routerProblems(zones, services)),
    ...transitProblems(zones),
  ];
}

const meanings = {
  edge: 'a zone edge, the internet side, where visitors arrive',
  core: 'a zone core, the transit between the firewalls',
};

function routerProblems(
  zones: NonNullable<LabDraft['zones']>,
  services: NonNullable<LabDraft['services']>,
): LabProblem[] {
  const firewalls = Object.keys(services).filter((name) => services[name]?.kind === 'firewall');
  return Object.entries(zones).flatMap(([name, { router }]): LabProblem[] => {
    if (router === undefined || firewalls.includes(router)) return [];
    const path = ['zones', name, 'router'];
    const kind = Object.hasOwn(services, router) ? services[router]?.kind : 'none';
    if (kind === undefined) return [];
    if (kind === 'none')
      return [unknownName(path, `zones.${name}.router: there is no firewall "${router}"`, router, firewalls)];
    return [
      unknownName(path, `zones.${name}.router: "${router}" is no firewall, its kind is ${kind}`, router, firewalls),
    ];
  });
}

function transitProblems(zones: NonNullable<LabDraft['zones']>): LabProblem[] {
  const edge = zones['edge']?.router;
  const core = zones['core']?.router;
  if (edge === undefined || core === undefined || edge === core) return [];
  const message = 'zones.core.router: is not the firewall of the edge';
  return [{ path: ['zones', 'core', 'router'], message, expected: edge, found: core }];
}

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
    ...(isOneNetwork({ zones, services }) ? loneZoneProblems(names) : routedZoneProblems(zones, services)),
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
  ];
}

/** Whether nothing stands between anybody: without firewalls a lab is one network. */
export function isOneNetwork({
  zones = {},
  services = {},
}: {
  zones?: LabDraft['zones'] | undefined;
  services?: LabDraft['services'] | undefined;
}): boolean {
  const kinds = Object.values(services).map(({ kind }) => kind);
  const routed = Object.values(zones).some(({ router }) => router !== undefined);
  return kinds.length > 0 && !routed && !kinds.includes('firewall');
}

/** The only zone is where visitors arrive; in a second one nobody could be reached. */
function loneZoneProblems(names: readonly string[]): LabProblem[] {
  const others = names.filter((name) => name !== 'edge');
  return [
    ...(names.includes('edge') ? [] : [missing('edge')]),
    ...others.map((name) => ({
      path: ['zones', name],
      message: `zones.${name}: nothing leads there, as the lab has no firewall`,
      expected: 'edge alone, or a firewall as the router of every zone',
    })),
  ];
}

function routedZoneProblems(zones: NonNullable<LabDraft['zones']>, services: LabDraft['services']): LabProblem[] {
  return [
    ...(['edge', 'core'] as const).filter((zone) => !Object.hasOwn(zones, zone)).map(missing),
    ...(services === undefined ? [] : routerProblems(zones, services)),
    ...transitProblems(zones),
  ];
}

function missing(zone: keyof typeof meanings): LabProblem {
  return { path: ['zones'], message: `zones.${zone}: is missing`, expected: meanings[zone] };
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
    const path = ['zones', name, 'router'];
    if (router === undefined)
      return [{ path, message: `zones.${name}.router: is missing`, expected: `a firewall: ${firewalls.join(', ')}` }];
    if (router === null || firewalls.includes(router)) return [];
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
  if (typeof edge !== 'string' || typeof core !== 'string' || edge === core) return [];
  const message = 'zones.core.router: is not the firewall of the edge';
  return [{ path: ['zones', 'core', 'router'], message, expected: edge, found: core }];
}

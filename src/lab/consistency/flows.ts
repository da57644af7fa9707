import type { LabDraft } from '../draft.ts';
import { parseTarget } from '../policy.ts';
import type { LabProblem } from './problem.ts';
import { unknownName } from './problem.ts';

export function flowProblems(lab: LabDraft): LabProblem[] {
  return Object.entries(lab.flows ?? {}).flatMap(([name, { from = [], to = [] }]) => [
    ...from.flatMap((source, index) => (source === undefined ? [] : sourceProblems(lab, name, source, index))),
    ...to.flatMap((target, index) => {
      if (target === undefined) return [];
      const path = ['flows', name, 'to', index];
      return [...targetProblems(lab, path, target), ...inOneZone(lab, path, from, target)];
    }),
  ]);
}

function sourceProblems(
  { zones, services, sharedAddresses }: LabDraft,
  flow: string,
  source: string,
  index: number,
): LabProblem[] {
  if (zones === undefined || services === undefined) return [];
  const sources = ['host', ...Object.keys(zones), ...Object.keys(services)];
  if (sources.includes(source)) return [];
  const among = named(sharedAddresses, source)?.among;
  if (among !== undefined) return [startsNothing(flow, source, among, index)];
  const message = `flows.${flow}.from: there is no zone or service "${source}"`;
  return [unknownName(['flows', flow, 'from', index], message, source, sources)];
}

/** Who holds a shared address speaks from its own. */
function startsNothing(
  flow: string,
  source: string,
  among: readonly (string | undefined)[],
  index: number,
): LabProblem {
  return {
    path: ['flows', flow, 'from', index],
    message: `flows.${flow}.from: no conversation starts at the shared address "${source}"`,
    expected: among.filter((name) => name !== undefined).join(', '),
    found: source,
    fix: 'name the services that share it',
  };
}

/** What can be wrong with a `service:port`, be it the end of a flow or of an endpoint. */
export function targetProblems(
  { services, zones, sharedAddresses = {} }: LabDraft,
  path: LabProblem['path'],
  target: string,
): LabProblem[] {
  const { service, port } = parseTarget(target);
  const title = path.filter((part) => typeof part === 'string').join('.');
  if (port > 65535)
    return [{ path, message: `${title}: there is no port ${port}`, expected: '1 to 65535', found: target }];
  if (services === undefined || Object.hasOwn(services, service) || Object.hasOwn(sharedAddresses, service)) return [];
  const names = [...Object.keys(services), ...Object.keys(sharedAddresses)];
  if (zones !== undefined && Object.hasOwn(zones, service)) {
    const living = names.filter((name) => services[name]?.zone === service);
    return [
      {
        path,
        message: `${title}: "${service}" is a zone, and only services can be reached`,
        expected: (living.length > 0 ? living : names).join(', '),
        found: service,
        fix: 'name the service',
      },
    ];
  }
  return [unknownName(path, `${title}: there is no service "${service}"`, service, names)];
}

/** No packet between two services of one zone passes a firewall: a flow there would promise what nothing enforces. */
function inOneZone(
  lab: LabDraft,
  path: LabProblem['path'],
  from: readonly (string | undefined)[],
  target: string,
): LabProblem[] {
  const { service } = parseTarget(target);
  return from
    .filter((source) => source !== undefined && sameZone(lab, source, service))
    .map((source) => ({
      path,
      message: `flows.${String(path[1])}: ${source} and ${service} are in one zone`,
      expected: 'a flow from one zone to another',
      fix: 'leave it out: no firewall stands between them',
    }));
}

function sameZone({ services, sharedAddresses }: LabDraft, from: string, service: string): boolean {
  if (from === service) return true;
  const zoneOf = (name: string): string | undefined =>
    named(services, named(sharedAddresses, name)?.among?.[0] ?? name)?.zone;
  const zone = zoneOf(service);
  return zone !== undefined && (from === zone || zoneOf(from) === zone);
}

function named<T>(table: Record<string, T> | undefined, name: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;
}

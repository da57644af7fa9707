import type { Problem } from '../errors.ts';
import { parseTarget } from './policy.ts';
import type { Lab } from './schema.ts';
import { nearestName } from './nearest-name.ts';

/** A problem of a lab and the path in `lab.yml` that it stands at. */
export interface LabProblem extends Problem {
  path: readonly (string | number)[];
}

/** How many zones fit in a lab's /24, and services in a zone's /27 (plan/addresses.ts cuts them). */
const mostZones = 8;
const mostServicesPerZone = 12;

/** What a schema cannot say: names that must exist, flows that must cross a firewall, ports that collide. */
export function problemsOf(lab: Lab): LabProblem[] {
  return [...zoneProblems(lab), ...serviceProblems(lab), ...endpointProblems(lab), ...flowProblems(lab)];
}

function zoneProblems(lab: Lab): LabProblem[] {
  const zones = Object.keys(lab.zones);
  const firewalls = namesOfKind(lab, 'firewall');
  return [
    ...(['edge', 'core'] as const)
      .filter((zone) => !zones.includes(zone))
      .map((zone) => ({ path: ['zones'], message: `zones: there is no zone ${zone}`, expected: 'edge (the internet side) and core (between the firewalls)' })),
    ...(zones.length > mostZones
      ? [{ path: ['zones'], message: 'zones: too many', expected: `at most ${mostZones}`, found: String(zones.length) }]
      : []),
    ...Object.entries(lab.zones).flatMap(([name, zone]) =>
      firewalls.includes(zone.router)
        ? []
        : [unknown(['zones', name, 'router'], `zones.${name}.router: there is no firewall "${zone.router}"`, zone.router, firewalls)],
    ),
    ...(lab.zones['edge'] !== undefined && lab.zones['core'] !== undefined && lab.zones['edge'].router !== lab.zones['core'].router
      ? [{ path: ['zones', 'core', 'router'], message: 'zones.core.router: is not the firewall of the edge', expected: lab.zones['edge'].router, found: lab.zones['core'].router }]
      : []),
  ];
}

function serviceProblems(lab: Lab): LabProblem[] {
  const zones = Object.keys(lab.zones);
  const problems = Object.entries(lab.services).flatMap(([name, service]): LabProblem[] => {
    if (name in lab.zones || name === 'host') {
      return [{ path: ['services', name], message: `services.${name}: the name is taken by a zone or by the host`, fix: 'choose another name' }];
    }
    if (!('zone' in service)) return [];
    const path = ['services', name, 'zone'];
    if (!zones.includes(service.zone)) return [unknown(path, `services.${name}.zone: there is no zone "${service.zone}"`, service.zone, zones)];
    if (service.zone === 'edge' || service.zone === 'core') {
      return [{ path, message: `services.${name}.zone: no service lives in ${service.zone}`, fix: 'put it behind a firewall' }];
    }
    return [];
  });
  const crowded = zones.filter(
    (zone) => Object.values(lab.services).filter((service) => 'zone' in service && service.zone === zone).length > mostServicesPerZone,
  );
  return [
    ...problems,
    ...crowded.map((zone) => ({ path: ['zones', zone], message: `zones.${zone}: too many services`, expected: `at most ${mostServicesPerZone}` })),
    ...(namesOfKind(lab, 'web').length > 0 && !primaries(lab)
      ? [{ path: ['services'], message: 'services: the servers need a database whose role is primary' }]
      : []),
    ...(primariesCount(lab) > 1 ? [{ path: ['services'], message: 'services: more than one primary', expected: 'one MySQL server that takes writes' }] : []),
  ];
}

function endpointProblems(lab: Lab): LabProblem[] {
  const seen = new Map<number, string>();
  const inside = new Map<number, string>();
  return Object.entries(lab.endpoints).flatMap(([name, endpoint]): LabProblem[] => {
    const { service, port } = parseTarget(endpoint.to);
    const problems: LabProblem[] = [];
    if (!(service in lab.services)) {
      problems.push(unknown(['endpoints', name, 'to'], `endpoints.${name}.to: there is no service "${service}"`, service, Object.keys(lab.services)));
    } else if (!allowedFromHost(lab, endpoint.to)) {
      problems.push({
        path: ['endpoints', name, 'to'],
        message: `endpoints.${name}: no flow lets it through`,
        expected: `a flow from host or edge to ${endpoint.to}`,
      });
    }
    const other = seen.get(endpoint.hostPort);
    if (other !== undefined) {
      problems.push({ path: ['endpoints', name, 'hostPort'], message: `endpoints.${name}.hostPort: ${endpoint.hostPort} is taken by ${other}` });
    }
    const twin = inside.get(port);
    if (twin !== undefined) {
      problems.push({ path: ['endpoints', name, 'to'], message: `endpoints.${name}.to: port ${port} at the edge is taken by ${twin}` });
    }
    seen.set(endpoint.hostPort, name);
    inside.set(port, name);
    return problems;
  });
}

function flowProblems(lab: Lab): LabProblem[] {
  const services = Object.keys(lab.services);
  const sources = ['host', ...Object.keys(lab.zones), ...services];
  return Object.entries(lab.flows).flatMap(([name, flow]) => [
    ...flow.from.flatMap((from, index) =>
      sources.includes(from) ? [] : [unknown(['flows', name, 'from', index], `flows.${name}.from: there is no zone or service "${from}"`, from, sources)],
    ),
    ...flow.to.flatMap((to, index): LabProblem[] => {
      const path = ['flows', name, 'to', index];
      const { service, port } = parseTarget(to);
      if (!services.includes(service)) return [unknown(path, `flows.${name}.to: there is no service "${service}"`, service, services)];
      if (port < 1 || port > 65535) return [{ path, message: `flows.${name}.to: no such port`, expected: '1 to 65535', found: String(port) }];
      return flow.from
        .filter((from) => sameZone(lab, from, service))
        .map((from) => ({ path, message: `flows.${name}: ${from} and ${service} are in one zone`, fix: 'leave it out: no firewall stands between them' }));
    }),
  ]);
}

function sameZone(lab: Lab, from: string, service: string): boolean {
  const to = lab.services[service];
  if (to === undefined || !('zone' in to)) return from === service;
  const source = lab.services[from];
  return from === to.zone || (source !== undefined && 'zone' in source && source.zone === to.zone);
}

function allowedFromHost(lab: Lab, target: string): boolean {
  return Object.values(lab.flows).some((flow) => flow.to.includes(target) && flow.from.some((from) => from === 'host' || from === 'edge'));
}

function namesOfKind(lab: Lab, kind: string): string[] {
  return Object.entries(lab.services).flatMap(([name, service]) => (service.kind === kind ? [name] : []));
}

function primariesCount(lab: Lab): number {
  return Object.values(lab.services).filter((service) => service.kind === 'database' && service.role === 'primary').length;
}

function primaries(lab: Lab): boolean {
  return primariesCount(lab) > 0;
}

function unknown(path: LabProblem['path'], message: string, found: string, names: readonly string[]): LabProblem {
  const nearest = nearestName(found, names);
  return { path, message, expected: names.join(', '), ...(nearest === undefined ? {} : { fix: `did you mean "${nearest}"?` }) };
}

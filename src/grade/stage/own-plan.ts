import type { ServiceKind } from '../../lab/schema.ts';
import type { Plan, ServicePlan, ZonePlan } from '../../plan/types.ts';
import type { OwnProject } from '../compose/plan.ts';
import { rolesOf, type ZoneName } from '../compose/roles.ts';

/** The zone that a role's service lives in, where it stands in several. */
const homes: Partial<Record<ServiceKind, readonly ZoneName[]>> = {
  balancer: ['dmz', 'edge'],
  web: ['web'],
  database: ['data'],
  prometheus: ['ops'],
  firewall: ['core'],
};

/** A student's own project as a plan: enough to stand beside and between its services. What is not named here it does not have. */
export function ownPlan(lab: Plan, { roles, addresses, zones }: OwnProject): Plan {
  const router = roles.firewalls['fw-edge'];
  const places = zones.map((zone): ZonePlan => {
    // Visitors come to the edge from outside: their way in is the firewall, whatever the network calls its gateway.
    const door = zone.name === 'edge' && router !== undefined ? addresses[router]?.edge : undefined;
    const { name, network, subnet, gateway, probeRange = subnet } = zone;
    return { name, network, subnet, prefix: Number(subnet.split('/')[1]), gateway: door ?? gateway, probeRange };
  });
  const services = rolesOf(roles).flatMap(({ role, service }): ServicePlan[] => {
    const kind = kindOf(role);
    const stations = Object.entries(addresses[service] ?? {}) as [ZoneName, string][];
    const home = (homes[kind] ?? []).find((zone) => stations.some(([name]) => name === zone)) ?? stations[0]?.[0];
    if (home === undefined) return [];
    return [
      {
        ...{ name: service, kind, zone: home, address: addresses[service]?.[home] ?? '', image: '', uid: 0 },
        attachments: stations.map(([zone, address]) => ({ zone, address, mac: '', first: zone === home })),
        ...{ compose: {}, files: [], scrapes: [] },
      },
    ];
  });
  return {
    ...lab,
    ...{ zones: places, services },
    ...{ sharedAddresses: [], policy: [], endpoints: [], secrets: [], certificates: [], volumes: [], files: [] },
  };
}

function kindOf(role: string): ServiceKind {
  if (role.startsWith('fw-')) return 'firewall';
  if (role.startsWith('web')) return 'web';
  return role.startsWith('db-') ? 'database' : (role as ServiceKind);
}

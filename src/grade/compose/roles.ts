import * as z from 'zod';
import type { Findings } from './findings.ts';
import type { Tree } from './tree.ts';
import { placeAt, plainOf, shown } from './tree.ts';

z.config({ jitless: true });

/** The zones of the lab that a student's network can be. */
export const zoneNames = ['edge', 'dmz', 'web', 'data', 'ops', 'core'] as const;
export type ZoneName = (typeof zoneNames)[number];

export const firewallNames = ['fw-edge', 'fw-app', 'fw-data'] as const;

const service = z.string().min(1).max(63).describe('One of the project’s services.');
const network = z.string().min(1).max(63).describe('One of the project’s networks.');

/** `lab-roles.yml`: which service of a student's project plays which part, and which network is which zone. */
export const rolesSchema = z.strictObject({
  firewalls: z
    .strictObject({ 'fw-edge': service.optional(), 'fw-app': service.optional(), 'fw-data': service.optional() })
    .default({})
    .describe('The service that is the router of each side; only these get NET_ADMIN.'),
  balancer: service,
  web: z.array(service).min(1).max(3).describe('The servers, in order.'),
  'db-primary': service.optional(),
  'db-replica': service.optional(),
  prometheus: service.optional(),
  alertmanager: service.optional(),
  inbox: service.optional(),
  prober: service.optional(),
  zones: z.strictObject({
    edge: network,
    dmz: network.optional(),
    web: network.optional(),
    data: network.optional(),
    ops: network.optional(),
    core: network.optional(),
  }),
});

export type Roles = z.output<typeof rolesSchema>;

/** The roles as one list: who plays what. A service may play one part, and a network be one zone. */
export function rolesOf(roles: Roles): { role: string; service: string; path: PropertyKey[] }[] {
  const single = ['balancer', 'db-primary', 'db-replica', 'prometheus', 'alertmanager', 'inbox', 'prober'] as const;
  const all = [
    ...firewallNames.map((role) => ({ role, service: roles.firewalls[role], path: ['firewalls', role] })),
    ...single.map((role) => ({ role, service: roles[role], path: [role] })),
    ...roles.web.map((one, index) => ({ role: `web${index + 1}`, service: one, path: ['web', index] })),
  ];
  return all.flatMap(({ service: named, ...rest }) => (named === undefined ? [] : [{ ...rest, service: named }]));
}

/** Checks `lab-roles.yml` by itself. */
export function readRoles(tree: Tree, findings: Findings): Roles | undefined {
  const parsed = rolesSchema.safeParse(plainOf(tree));
  if (parsed.success) return parsed.data;
  for (const { path, message } of parsed.error.issues) {
    const title = path.length === 0 ? '' : `${path.join('.')}: `;
    findings.refuse(
      'ROLES_INVALID',
      placeAt(tree, path),
      shown(title + message)
        .slice(1, -1)
        .replaceAll('\\"', '"'),
    );
  }
  return undefined;
}

/** Checks that roles name what the project has, and nothing twice. */
export function checkRoles(
  roles: Roles,
  tree: Tree,
  there: { services: ReadonlySet<string>; networks: ReadonlySet<string> },
  findings: Findings,
): void {
  const once = new Map<string, string>();
  for (const { role, service: name, path } of rolesOf(roles)) {
    const at = placeAt(tree, path);
    if (!there.services.has(name))
      findings.refuse('ROLES_UNKNOWN', at, `${role}: the project has no service ${shown(name)}`);
    const other = once.get(name);
    if (other !== undefined)
      findings.refuse('ROLES_TWICE', at, `${shown(name)} is ${other} already; each part is a service of its own`);
    once.set(name, role);
  }
  const zones = new Map<string, string>();
  for (const zone of zoneNames) {
    const name = roles.zones[zone];
    if (name === undefined) continue;
    const at = placeAt(tree, ['zones', zone]);
    if (!there.networks.has(name))
      findings.refuse('ROLES_UNKNOWN', at, `zone ${zone}: the project has no network ${shown(name)}`);
    const other = zones.get(name);
    if (other !== undefined)
      findings.refuse('ROLES_TWICE', at, `${shown(name)} is zone ${other} already; each zone is a network of its own`);
    zones.set(name, zone);
  }
}

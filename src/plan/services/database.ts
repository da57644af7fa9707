import { databaseRole } from '../../lab/plays.ts';
import type { Lab, ServiceOf } from '../../lab/schema.ts';
import { applicationName, isMutual, serverCertificate } from '../inside.ts';
import type { PlanContext, ServiceParts } from '../context.ts';
import type { FilePlan } from '../types.ts';
import { health, imageOf, nodeExporterPort, scratch, servicesOf, zoneNamed } from '../context.ts';

const uid = 10030;

/** A MySQL server: the primary that takes writes, or its replica. */
export function planDatabase(context: PlanContext, name: string): ServiceParts {
  const { lab, settings } = context;
  const service = lab.services[name];
  const role = databaseRole(service);
  if (service === undefined || role === undefined || !('zone' in service))
    throw new RangeError(`${name} is not a database`);
  const web = servicesOf(lab, 'web')[0];
  const webService = web === undefined ? undefined : lab.services[web];
  const webZone = webService !== undefined && 'zone' in webService ? webService.zone : service.zone;
  const members = databasesWithRole(lab, 'member');
  const data = {
    name,
    serverId: servicesOf(lab, 'database').indexOf(name) + 1,
    database: lab.database.name,
    webSubnet: zoneNamed(context, webZone).subnet,
    dataSubnet: zoneNamed(context, service.zone).subnet,
    primary: { host: databaseWithRole(lab, 'primary') ?? name, port: 3306 },
    semisynchronous: lab.database.semisynchronous && databaseWithRole(lab, 'replica') !== undefined,
    replica: role === 'replica',
    mutual: isMutual(lab),
    members,
    groupName,
    groupPort,
    applicationSubject: `/CN=${applicationName}`,
    replicaSubject: `/CN=${databaseWithRole(lab, 'replica') ?? name}`,
  };
  const volume = `${name}-data`;
  return {
    image: imageOf(settings, 'database'),
    uid,
    compose: {
      healthcheck: health,
      tmpfs: scratch(uid),
      volumes: [`${volume}:/var/lib/mysql`],
      mem_limit: '512m',
      memswap_limit: '512m',
      stop_grace_period: '15s',
      // Clients behind a firewall that was cut off leave connections behind, which count against max_connections: 45 s, not two hours.
      sysctls: {
        'net.ipv4.tcp_keepalive_time': '30',
        'net.ipv4.tcp_keepalive_intvl': '5',
        'net.ipv4.tcp_keepalive_probes': '3',
      },
      ...(role === 'member' ? namesFromTheEngine(members) : {}),
    },
    files: [
      { path: `${name}/my.cnf`, template: 'database/my.cnf.hbs', data },
      { path: `${name}/figures.sql`, template: 'database/figures.sql.hbs', data },
      ...['role.cnf', 'init.sql', 'state.sql', 'healthy.sql'].map((file) => ({
        path: `${name}/${file}`,
        template: `database/${role}/${file}.hbs`,
        data,
      })),
      ...(role === 'member' ? groupFiles(name, data) : []),
    ],
    scrapes: [
      { job: 'node', service: name, port: nodeExporterPort },
      { job: 'mysql', service: name, port: 9104 },
    ],
    secrets: ['mysql-app', 'mysql-replicator', 'mysql-exporter'].map((secret) => ({ name: secret, readers: [name] })),
    certificates: [
      { ...serverCertificate(lab, name), use: 'both', names: role === 'member' ? [name, groupAlias] : [name] },
    ],
    volumes: [volume],
  };
}

type Role = ServiceOf<'database'>['role'];

export function databasesWithRole(lab: Lab, role: Role): string[] {
  return servicesOf(lab, 'database').filter((name) => databaseRole(lab.services[name]) === role);
}

export function databaseWithRole(lab: Lab, role: Role): string | undefined {
  return databasesWithRole(lab, role)[0];
}

/** The members of a group say here by HTTP what they are in it: /primary, /reader, /member. */
export const groupRolePort = 9200;
/** What the databases of a group are called by those who do not care which of them it is. */
export const groupAlias = 'database';
/** Groups are told apart by their networks, which never meet. */
const groupName = '6c616273-6461-4461-8461-626173657300';
/** Below those that the kernel gives out to whoever calls (32768 and more): one of these may be taken when a member comes back. */
const groupPort = 23061;

/**
 * Members of a group know each other's names from the engine alone, which forgets that of one that is gone. Group Replication
 * stands still while it calls an address where nobody is, for a second or more each time; without a name it does not call.
 * Nobody else is asked for names.
 */
function namesFromTheEngine(members: readonly string[]): object {
  return { unlisted: members, dns: ['127.0.0.1'] };
}

/** What only members of a group have. */
function groupFiles(name: string, data: object): FilePlan[] {
  return [
    { path: `${name}/local.sql`, template: 'database/member/local.sql.hbs', data },
    { path: `${name}/group`, template: 'database/member/group.hbs', data },
  ];
}

import type { Lab } from '../../lab/schema.ts';
import type { PlanContext, ServiceParts } from '../context.ts';
import type { FilePlan } from '../types.ts';
import { addressOf, health, imageOf, nodeExporterPort, scratch, servicesOf } from '../context.ts';
import { applicationName, clientCertificate, isMutual, serverCertificate } from '../inside.ts';
import { stackOf } from '../stacks.ts';
import { databasesWithRole, databaseWithRole, groupAlias, groupRolePort } from './database.ts';

const uid = 10020;

/** A server: a web server in front of the application, and its monitoring clients. */
export function planWeb(context: PlanContext, name: string): ServiceParts {
  const { lab, settings } = context;
  const stack = stackOf(lab, name);
  const mutual = isMutual(lab);
  const members = databasesWithRole(lab, 'member');
  return {
    image: imageOf(settings, stack.part),
    uid,
    compose: {
      healthcheck: health,
      tmpfs: scratch(uid),
      // The balancer beside the application knows which of them it is.
      ...(members.length === 0 ? {} : { extra_hosts: [`${groupAlias}:127.0.0.1`] }),
      mem_limit: '192m',
      memswap_limit: '192m',
    },
    files: [
      {
        path: `${name}/${stack.file}`,
        template: `web/${stack.file}.hbs`,
        data: {
          name,
          balancerAddresses: servicesOf(lab, 'balancer').map((balancer) => addressOf(context, balancer)),
          mutual,
          balancerNames: servicesOf(lab, 'balancer'),
        },
      },
      {
        path: `${name}/app.json`,
        template: 'json.hbs',
        data: {
          value: {
            database: {
              name: lab.database.name,
              user: 'app',
              passwordFile: '/run/secrets/mysql-app',
              caFile: '/etc/ssl/lab/inside.pem',
              ...(mutual ? { certificateFile: '/run/secrets/database.crt', keyFile: '/run/secrets/database.key' } : {}),
              ...databaseEndpoints(lab),
            },
          },
        },
      },
      ...(members.length === 0 ? [] : [databaseBalancer(context, name, members)]),
    ],
    scrapes: [
      { job: 'node', service: name, port: nodeExporterPort },
      { job: stack.process, service: name, port: 9113 },
      { job: 'application', service: name, port: 9464 },
    ],
    secrets: [{ name: 'mysql-app', readers: [name] }],
    certificates: mutual
      ? [
          serverCertificate(lab, name),
          clientCertificate(lab, name, { name: 'database', commonName: applicationName, layout: 'pair' }),
        ]
      : [],
  };
}

interface DatabaseEndpoint {
  host: string;
  port: number;
}

/** Where the balancer beside the application takes writes and reads. */
const [writesPort, readsPort] = [3306, 3307];

/** Whom the application asks: the two servers by name, or, of a group, whichever it is now. */
function databaseEndpoints(lab: Lab): { primary: DatabaseEndpoint; replica: DatabaseEndpoint } {
  if (databaseWithRole(lab, 'member') !== undefined) {
    return { primary: { host: groupAlias, port: writesPort }, replica: { host: groupAlias, port: readsPort } };
  }
  const primary = databaseWithRole(lab, 'primary');
  if (primary === undefined) throw new RangeError('a web server needs a primary database');
  const replica = databaseWithRole(lab, 'replica') ?? primary;
  return { primary: { host: primary, port: 3306 }, replica: { host: replica, port: 3306 } };
}

function databaseBalancer(context: PlanContext, name: string, members: readonly string[]): FilePlan {
  return {
    path: `${name}/database.cfg`,
    template: 'web/database.cfg.hbs',
    data: {
      writesPort,
      readsPort,
      rolePort: groupRolePort,
      members: members.map((member) => ({ name: member, address: addressOf(context, member) })),
    },
  };
}

import type { PlanContext, ServiceParts } from '../context.ts';
import { addressOf, health, imageOf, nodeExporterPort, scratch, servicesOf } from '../context.ts';
import { applicationName, clientCertificate, isMutual, serverCertificate } from '../inside.ts';
import { databaseWithRole } from './database.ts';

const uid = 10020;

/** A server: Nginx in front of the application, and its monitoring clients. */
export function planWeb(context: PlanContext, name: string): ServiceParts {
  const { lab, settings } = context;
  const mutual = isMutual(lab);
  const at = (service: string): { host: string; port: number } => ({ host: service, port: 3306 });
  const primary = databaseWithRole(lab, 'primary');
  const replica = databaseWithRole(lab, 'replica') ?? primary;
  if (primary === undefined || replica === undefined) throw new RangeError('a web server needs a primary database');
  return {
    image: imageOf(settings, 'web'),
    uid,
    compose: {
      healthcheck: health,
      tmpfs: scratch(uid),
      mem_limit: '192m',
      memswap_limit: '192m',
    },
    files: [
      {
        path: `${name}/nginx.conf`,
        template: 'web/nginx.conf.hbs',
        data: {
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
              caFile: '/etc/ssl/lab/ca.pem',
              ...(mutual ? { certificateFile: '/run/secrets/database.crt', keyFile: '/run/secrets/database.key' } : {}),
              primary: at(primary),
              replica: at(replica),
            },
          },
        },
      },
    ],
    scrapes: [
      { job: 'node', service: name, port: nodeExporterPort },
      { job: 'nginx', service: name, port: 9113 },
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

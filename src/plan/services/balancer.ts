import { isSecure, siteScheme } from '../site.ts';
import { clientCertificate, isMutual, serverPort } from '../inside.ts';
import type { PlanContext, ServiceParts } from '../context.ts';
import { sharing, sharingFiles, sharingOf } from './shared-address.ts';
import type { Lab } from '../../lab/schema.ts';
import type { CertificatePlan } from '../types.ts';
import { addressOf, health, imageOf, nodeExporterPort, scratch, servicesOf } from '../context.ts';

const uid = 10010;
export const statisticsPort = 8404;

/** HAProxy: terminates TLS, where visitors come with it, and spreads requests over the servers. */
export function planBalancer(context: PlanContext, name: string): ServiceParts {
  const { lab, settings } = context;
  const shared = sharingOf(context, name);
  const door = shared?.name ?? name;
  const published = (port: number): number | undefined =>
    context.endpoints.find((endpoint) => endpoint.service === door && endpoint.port === port)?.hostPort;
  const httpPort = published(80);
  const httpsPort = published(443);
  // 443 goes without saying, as a browser leaves it out.
  const named = httpPort === undefined || httpsPort === undefined || httpsPort === 443 ? [] : [{ httpPort, httpsPort }];
  const hosts = context.zones.flatMap(({ host }) => (host === undefined ? [] : [host]));
  return {
    image: imageOf(settings, 'balancer'),
    uid,
    compose: {
      healthcheck: health,
      tmpfs: scratch(uid),
      mem_limit: '128m',
      memswap_limit: '128m',
      ...(shared === undefined ? {} : sharing(uid)),
    },
    files: [
      {
        path: `${name}/haproxy.cfg`,
        template: 'balancer/haproxy.cfg.hbs',
        data: {
          secure: isSecure(lab),
          scheme: siteScheme(lab),
          domain: lab.site.domain,
          aliases: lab.site.aliases,
          minimumVersion: lab.tls.minimumVersion,
          hstsSeconds: lab.tls.hstsSeconds,
          statisticsPort,
          portMap: named,
          portless: httpPort === 80 ? named.flatMap(({ httpsPort }) => hosts.map((host) => ({ host, httpsPort }))) : [],
          servers: servicesOf(lab, 'web').map((server) => ({
            name: server,
            address: addressOf(context, server),
            port: serverPort(lab),
          })),
          mutual: isMutual(lab),
        },
      },
      {
        path: `${name}/own-probes`,
        template: 'balancer/own-probes.hbs',
        data: { addresses: servicesOf(lab, 'prober').map((prober) => addressOf(context, prober)) },
      },
      ...(shared === undefined ? [] : sharingFiles(name, shared)),
    ],
    scrapes: [
      { job: 'node', service: name, port: nodeExporterPort },
      { job: 'haproxy', service: name, port: statisticsPort },
    ],
    certificates: [
      ...(isSecure(lab) ? [siteCertificate(lab, name, shared?.first)] : []),
      ...(isMutual(lab) ? [clientCertificate(lab, name, { name: 'client', commonName: name, layout: 'bundle' })] : []),
    ],
  };
}

/** @param first who has the original, of several who answer at one address */
function siteCertificate(lab: Lab, service: string, first = service): CertificatePlan {
  return {
    name: 'site',
    service,
    commonName: lab.site.domain,
    names: [lab.site.domain, ...lab.site.aliases, 'localhost'],
    addresses: ['127.0.0.1'],
    days: lab.tls.certificateDays,
    use: 'server',
    layout: 'bundle',
    // Whoever answers, visitors see the same site.
    ...(first === service ? {} : { copyOf: first }),
  };
}

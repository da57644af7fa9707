import type { PlanContext, ServiceParts } from '../context.ts';
import { health, imageOf, nodeExporterPort, scratch, zoneNamed } from '../context.ts';
import { firewallRules } from '../rules.ts';

/** A firewall: the router of its zones, with the rules that the policy gives it. */
export function planFirewall(context: PlanContext, name: string): ServiceParts {
  const attachments = context.attachments.get(name) ?? [];
  const rules = firewallRules({ ...context, firewall: name, limits: context.lab.limits });
  const published = attachments.some(({ zone }) => zone === 'edge') ? context.endpoints : [];
  const config = (file: string, data: object): { path: string; template: string; data: object } => ({
    path: `${name}/${file}`,
    template: `firewall/${file}.hbs`,
    data,
  });
  return {
    image: imageOf(context.settings, 'firewall'),
    uid: 0,
    compose: {
      healthcheck: health,
      tmpfs: scratch(0),
      ports: published.map(({ hostPort, port }) => `127.0.0.1:${hostPort}:${port}`),
    },
    files: [
      config('rules.v4', { firewall: name, ...rules }),
      config('rules.v6', { firewall: name }),
      config('interfaces', {
        interfaces: attachments.map((attachment) => ({
          ...attachment,
          gateway: gatewayOn(context, name, attachment.zone),
        })),
      }),
      config('routes', { routes: routesOf(context, name) }),
    ],
    scrapes: [{ job: 'node', service: name, port: nodeExporterPort }],
  };
}

/** The gateway address that a firewall takes on an interface, `-` where it is not the router or the address is its own. */
function gatewayOn(context: PlanContext, firewall: string, zoneName: string): string {
  const zone = zoneNamed(context, zoneName);
  return zone.router === firewall && zone.name !== 'edge' ? `${zone.gateway}/${zone.prefix}` : '-';
}

/** A route to every zone behind another firewall, over `core`, and the default route. */
function routesOf(context: PlanContext, firewall: string): string[] {
  const elsewhere = context.zones.flatMap(({ name, subnet, router }) =>
    name === 'core' || router === undefined || router === firewall ? [] : [{ subnet, router }],
  );
  const onCore = (router: string): string =>
    context.attachments.get(router)?.find(({ zone }) => zone === 'core')?.address ?? zoneNamed(context, 'core').gateway;
  const edge = context.zones.find((zone) => zone.name === 'edge' && zone.router === firewall);
  return [
    `default via ${edge?.host ?? zoneNamed(context, 'core').gateway}`,
    ...elsewhere.map((zone) => `${zone.subnet} via ${onCore(zone.router)}`),
  ];
}

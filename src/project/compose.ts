import { stringify } from 'yaml';
import type { Plan, ServicePlan, Settings, ZonePlan } from '../plan/types.ts';
import { siteAddress } from '../plan/site.ts';
import { sha256 } from './write.ts';

/** The label that tells one definition and configuration of a service from another. */
export const digestLabel = 'lab.digest';

/** The Compose file of a plan. `services` are its services as `composeService` gives them. */
export function composeFile(plan: Plan, services: Record<string, object>): string {
  const compose = {
    name: plan.settings.project,
    services,
    networks: Object.fromEntries(plan.zones.map((zone) => [zone.name, composeNetwork(zone, plan.settings)])),
    secrets: Object.fromEntries(
      secretFiles(plan).map(({ service, name }) => [
        secretKey(service, name),
        { file: `./secrets/${service}/${name}` },
      ]),
    ),
    volumes: Object.fromEntries(plan.volumes.map((volume) => [volume, {}])),
  };
  const header = `# ${plan.lab.title}. Written by lab; it runs without it: docker compose up -d\n`;
  return header + stringify(compose, { lineWidth: 0, aliasDuplicateObjects: false });
}

/** Every secret file of the project, by the service that reads it. */
export function secretFiles(plan: Plan): { service: string; name: string }[] {
  return [
    ...plan.secrets.flatMap(({ name, readers }) => readers.map((service) => ({ service, name }))),
    ...plan.certificates.flatMap(({ service, name, layout }) =>
      (layout === 'bundle' ? [`${name}.pem`] : [`${name}.crt`, `${name}.key`]).map((file) => ({ service, name: file })),
    ),
  ];
}

function secretKey(service: string, name: string): string {
  return `${service}.${name}`;
}

/**
 * A service in Compose's words. Compose does not look into mounted files: a digest of the configuration
 * among the labels makes it start the service anew when that changes.
 */
export function composeService(
  plan: Plan,
  service: ServicePlan,
  config: string,
): { definition: object; digest: string } {
  const definition = describe(plan, service);
  const digest = sha256(JSON.stringify(definition) + config).slice(0, 16);
  const own = service.compose['labels'] ?? {};
  const labels = { 'lab.kind': service.kind, 'lab.zone': service.zone, [digestLabel]: digest };
  return { definition: { ...definition, labels: { ...own, ...labels } }, digest };
}

/** What of a service's own part is not taken over word by word. */
interface Beyond {
  volumes?: string[];
  extra_hosts?: string[];
  /** Neighbours whose names the service asks the engine for: one that is gone has none then. */
  unlisted?: string[];
}

function describe(plan: Plan, service: ServicePlan): object {
  const { volumes = [], extra_hosts: more = [], unlisted = [], ...own } = service.compose as Beyond;
  const secrets = secretFiles(plan).filter((secret) => secret.service === service.name);
  const mounts = [
    ...(service.files.length > 0 ? [`./config/${service.name}:/etc/lab:ro`] : []),
    ...(service.kind === 'firewall' ? [] : ['./pki:/etc/ssl/lab:ro']),
    ...volumes,
  ];
  return {
    extends: { file: 'compose.base.yml', service: service.kind === 'firewall' ? 'firewall' : 'server' },
    image: service.image,
    hostname: service.name,
    user: `${service.uid}:${service.uid}`,
    ...own,
    networks: Object.fromEntries(
      service.attachments.map(({ zone, address, mac, first }) => [
        zone,
        {
          ipv4_address: address,
          mac_address: mac,
          ...(first && service.attachments.length > 1 ? { priority: 1000 } : {}),
        },
      ]),
    ),
    extra_hosts: [...hosts(plan, unlisted), ...more],
    ...(mounts.length > 0 ? { volumes: mounts } : {}),
    ...(secrets.length > 0
      ? { secrets: secrets.map(({ name }) => ({ source: secretKey(service.name, name), target: name })) }
      : {}),
  };
}

/** Names cross zones in /etc/hosts; the engine's own names stop at a network's border. */
function hosts(plan: Plan, unlisted: readonly string[]): string[] {
  const { domain, aliases } = plan.lab.site;
  const at = siteAddress(plan);
  const site = at === undefined ? [] : [domain, ...aliases].map((name) => `${name}:${at}`);
  const places = [...plan.services, ...plan.sharedAddresses].filter(({ name }) => !unlisted.includes(name));
  return [...places.map(({ name, address }) => `${name}:${address}`), ...site];
}

/**
 * A zone's network. Where a firewall is the gateway, the host takes no address and rewrites nothing;
 * `routed` keeps Engine 28 from dropping what one network sends to another. `edge` keeps the host's
 * address, since published ports need it; where nothing is published it is sealed, and as the others.
 */
function composeNetwork(zone: ZonePlan, { edgeGatewayMode }: Settings): object {
  const bridge = 'com.docker.network.bridge';
  const edge = zone.name === 'edge' && zone.sealed !== true;
  return {
    name: zone.network,
    driver: 'bridge',
    driver_opts: edge
      ? {
          [`${bridge}.enable_ip_masquerade`]: 'false',
          ...(edgeGatewayMode === undefined ? {} : { [`${bridge}.gateway_mode_ipv4`]: edgeGatewayMode }),
        }
      : {
          [`${bridge}.inhibit_ipv4`]: 'true',
          [`${bridge}.gateway_mode_ipv4`]: 'routed',
          [`${bridge}.enable_ip_masquerade`]: 'false',
        },
    ipam: {
      config: [
        {
          subnet: zone.subnet,
          gateway: zone.host ?? zone.gateway,
          ip_range: zone.probeRange,
          // Where no firewall stops what leaves, the default route leads to an address that nobody has: the bridge driver's own way.
          ...(zone.router === undefined ? { aux_addresses: { DefaultGatewayIPv4: zone.gateway } } : {}),
        },
      ],
    },
    labels: { 'lab.zone': zone.name },
  };
}

import { stringify } from 'yaml';
import type { Addressing } from './addressing.ts';
import { hardening, writable } from './confinement.ts';
import type { Described, DescribedService } from './described.ts';
import type { Rewrite } from './rewrite.ts';
import type { Roles, ZoneName } from './roles.ts';
import { zoneNames } from './roles.ts';

/** Where a submission's files go, below the project's folder: nothing of it lies where Compose looks by itself. */
export const submittedFolder = 'submitted';

export interface Target {
  /** The Compose project's name. */
  project: string;
  /** The reference of each part's image on this machine. */
  images: Readonly<Record<string, string>>;
  addressing: Addressing;
  rewrite: Rewrite;
}

/** The Compose project that runs in place of a student's: every key in it is written here. */
export function composeYaml(described: Described, target: Target): string {
  const { networks, services, volumes, roles } = described;
  const compose = {
    name: target.project,
    services: Object.fromEntries(services.map((service) => [service.name, composeService(service, target)])),
    networks: Object.fromEntries(networks.map(({ name }) => [name, composeNetwork(name, roles, target)])),
    volumes: Object.fromEntries(volumes.map((volume) => [volume, {}])),
  };
  const header = '# Written by lab from a submission: nothing in it is the submission’s own YAML.\n';
  return (
    header +
    stringify(literal(compose), {
      lineWidth: 0,
      aliasDuplicateObjects: false,
      defaultStringType: 'QUOTE_DOUBLE',
      defaultKeyType: 'PLAIN',
      doubleQuotedAsJSON: true,
    })
  );
}

/** Compose fills in variables in any text: here nothing is one. */
function literal(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(literal);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, literal(inner)]));
}

function composeService(service: DescribedService, { images, addressing, rewrite }: Target): object {
  const moved = (value: string | readonly string[]): string | string[] =>
    typeof value === 'string' ? rewrite.text(value).text : value.map((one) => rewrite.text(one).text);
  const { healthcheck } = service;
  const order = Object.fromEntries(service.dependsOn.map(({ service: name, condition }) => [name, { condition }]));
  return {
    image: images[service.part],
    pull_policy: 'never',
    ...(service.command === undefined ? {} : { command: moved(service.command) }),
    ...(service.entrypoint === undefined ? {} : { entrypoint: moved(service.entrypoint) }),
    environment: Object.fromEntries([...service.environment].map(([key, value]) => [key, moved(value)])),
    ...(service.user === undefined ? {} : { user: service.user }),
    hostname: service.hostname ?? service.name,
    ...(service.workingDir === undefined ? {} : { working_dir: service.workingDir }),
    ...(service.init === undefined ? {} : { init: service.init }),
    ...(service.stopSignal === undefined ? {} : { stop_signal: service.stopSignal }),
    ...(healthcheck === undefined
      ? {}
      : {
          healthcheck: {
            ...(healthcheck.test === undefined ? {} : { test: moved(healthcheck.test) }),
            ...(healthcheck.disable === undefined ? {} : { disable: healthcheck.disable }),
            ...(healthcheck.retries === undefined ? {} : { retries: healthcheck.retries }),
            ...healthcheck.times,
          },
        }),
    ...(service.dependsOn.length === 0 ? {} : { depends_on: order }),
    ...hardening(service),
    extra_hosts: service.hosts.map(({ name, address }) => `${name}:${rewrite.address(address)}`),
    networks: Object.fromEntries(
      service.networks.map(({ network, aliases, priority }) => {
        const station = addressing.stations.get(service.name)?.get(network);
        return [
          network,
          {
            ...(station === undefined
              ? {}
              : { ipv4_address: rewrite.address(station.address), mac_address: station.mac }),
            ...(aliases.length === 0 ? {} : { aliases }),
            ...(priority === 0 ? {} : { priority }),
          },
        ];
      }),
    ),
    tmpfs: writable(service),
    volumes: service.mounts.map(({ kind, source, target, readOnly }) =>
      kind === 'volume'
        ? { type: 'volume', source, target, read_only: readOnly }
        : {
            type: 'bind',
            source: `./${[submittedFolder, source].filter((part) => part !== '').join('/')}`,
            target,
            read_only: true,
            bind: { create_host_path: false },
          },
    ),
  };
}

/** No zone has an address of the host, the edge neither: the grader measures from within. */
function composeNetwork(name: string, roles: Roles, { project, addressing, rewrite }: Target): object {
  const bridge = 'com.docker.network.bridge';
  const network = addressing.networks.get(name);
  if (network === undefined) return { driver: 'bridge' };
  const { subnet, gateway, probeRange } = network;
  return {
    name: networkName(project, name, roles),
    driver: 'bridge',
    driver_opts: {
      [`${bridge}.inhibit_ipv4`]: 'true',
      [`${bridge}.gateway_mode_ipv4`]: 'routed',
      [`${bridge}.enable_ip_masquerade`]: 'false',
    },
    ipam: {
      config: [
        {
          subnet: rewrite.address(subnet),
          gateway: rewrite.address(gateway),
          ...(probeRange === undefined ? {} : { ip_range: rewrite.address(probeRange) }),
        },
      ],
    },
  };
}

/** Which zone a network is. */
export function zoneOf(network: string, { zones }: Roles): ZoneName | undefined {
  return zoneNames.find((zone) => zones[zone] === network);
}

/** Engines before gw_priority let names decide which network is first: the edge has to be, then core. */
export function networkName(project: string, network: string, roles: Roles): string {
  const zone = zoneOf(network, roles);
  if (zone === 'edge') return `${project}_edge`;
  return zone === undefined ? `${project}_other-${network.toLowerCase()}` : `${project}_inner-${zone}`;
}

import type { AllowedFlow } from '../lab/policy.ts';
import type { Lab, ServiceKind } from '../lab/schema.ts';

/** What a person or a machine decides, beside the lab itself. */
export interface Settings {
  /** Compose project name. */
  project: string;
  /** The /24 that the lab's zones are cut from, for example `10.77.0.0/24`. */
  block: string;
  /** Host ports by endpoint name; an endpoint that is not named takes the lab's own. */
  ports: Record<string, number>;
  certificates: CertificateSource;
  seed: number;
  /** Whether Grafana's image can be had here. */
  grafana: boolean;
  /**
   * On engines that know it (28 and newer), lets visitors' containers in `edge` be answered from other zones: the engine drops
   * what another bridge sends to a container, unless told that the network is not its to protect.
   */
  edgeGatewayMode?: 'nat-unprotected';
  /** Image reference by part, for example `web` -> `lab/web:1f0c…`. */
  images: Record<string, string>;
}

export type CertificateSource = 'lab-ca' | 'mkcert' | 'self-signed';

export interface ZonePlan {
  name: string;
  /** Name of its Docker network. */
  network: string;
  subnet: string;
  prefix: number;
  /** The address of the zone's router, which is every service's default gateway; nobody has it where there is no router. */
  gateway: string;
  /** The host's own address: only `edge` has one. */
  host?: string;
  /** The host does not take its address: nothing is published, and nothing in the zone has a way to the host. */
  sealed?: true;
  /** Only a lab without firewalls has a zone without one. */
  router?: string;
  /** The upper half of the subnet, where probes get their addresses. */
  probeRange: string;
}

export interface AttachmentPlan {
  zone: string;
  address: string;
  mac: string;
  /** Carries the default route and the published ports. */
  first: boolean;
}

/** A configuration file to be rendered below `config/`. */
export interface FilePlan {
  path: string;
  /** Template below `templates/`; a dashboard of Grafana has `dashboardTemplate` here, and is made in code. */
  template: string;
  data: object;
  executable?: boolean;
}

/** A password that is made once and kept. Each reader has a file of its own: `secrets/<service>/<name>`. */
export interface SecretPlan {
  name: string;
  readers: readonly string[];
}

export interface CertificatePlan {
  /** File stem below `secrets/<service>/`. */
  name: string;
  service: string;
  commonName: string;
  names: readonly string[];
  addresses: readonly string[];
  days: number;
  use: 'server' | 'client' | 'both';
  /** `bundle`: one PEM of certificate, chain and key (HAProxy). `pair`: `<name>.crt` and `<name>.key`. */
  layout: 'bundle' | 'pair';
  /** The service whose certificate and key it is, where two show the same. */
  copyOf?: string;
}

export interface ScrapePlan {
  job: string;
  service: string;
  port: number;
  path?: string;
}

/** A service of the Compose project, in Compose's own words. */
export interface ComposeService {
  [key: string]: unknown;
}

export interface ServicePlan {
  name: string;
  kind: ServiceKind;
  /** The zone it lives in; a firewall's is `core`. */
  zone: string;
  /** Address in that zone. */
  address: string;
  attachments: readonly AttachmentPlan[];
  image: string;
  /** User id that its processes run as and that owns its secrets. */
  uid: number;
  compose: ComposeService;
  files: readonly FilePlan[];
  scrapes: readonly ScrapePlan[];
}

/** An address that one of several services holds at a time. */
export interface SharedAddressPlan {
  name: string;
  zone: string;
  address: string;
  /** The services that share it. */
  among: readonly string[];
}

export interface EndpointPlan {
  name: string;
  service: string;
  port: number;
  hostPort: number;
  url: string;
}

/** Everything that will exist, as plain data. */
export interface Plan {
  lab: Lab;
  settings: Settings;
  zones: readonly ZonePlan[];
  services: readonly ServicePlan[];
  sharedAddresses: readonly SharedAddressPlan[];
  policy: readonly AllowedFlow[];
  endpoints: readonly EndpointPlan[];
  secrets: readonly SecretPlan[];
  certificates: readonly CertificatePlan[];
  volumes: readonly string[];
  files: readonly FilePlan[];
}

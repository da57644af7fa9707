import type { AllowedFlow } from '../lab/policy.ts';
import { plays } from '../lab/plays.ts';
import type { Lab, ServiceKind } from '../lab/schema.ts';
import type {
  AttachmentPlan,
  CertificatePlan,
  ComposeService,
  EndpointPlan,
  FilePlan,
  ScrapePlan,
  SecretPlan,
  Settings,
  ZonePlan,
} from './types.ts';

/** What every planner of a service may look at. */
export interface PlanContext {
  lab: Lab;
  settings: Settings;
  zones: readonly ZonePlan[];
  attachments: ReadonlyMap<string, readonly AttachmentPlan[]>;
  policy: readonly AllowedFlow[];
  endpoints: readonly EndpointPlan[];
}

/** What a planner of one kind of service says; names, networks and hardening are added for all alike. */
export interface ServiceParts {
  image: string;
  uid: number;
  /** Compose keys of its own. */
  compose: ComposeService;
  files?: readonly FilePlan[];
  scrapes?: readonly ScrapePlan[];
  secrets?: readonly SecretPlan[];
  certificates?: readonly CertificatePlan[];
  volumes?: readonly string[];
}

/** Services that do the work of one kind, in the order of `lab.yml`. */
export function servicesOf(lab: Lab, kind: ServiceKind): string[] {
  return Object.entries(lab.services).flatMap(([name, service]) => (plays(service.kind, kind) ? [name] : []));
}

/** The one service of a kind, if the lab has it. */
export function serviceOf(lab: Lab, kind: ServiceKind): string | undefined {
  return servicesOf(lab, kind)[0];
}

/** The address of a service in its zone, or a firewall's on `core`. */
export function addressOf(context: Pick<PlanContext, 'attachments'>, service: string): string {
  const attachments = context.attachments.get(service) ?? [];
  const attachment = attachments.find(({ zone }) => zone === 'core') ?? attachments[0];
  if (attachment === undefined) throw new RangeError(`no service ${service}`);
  return attachment.address;
}

export function zoneNamed(context: Pick<PlanContext, 'zones'>, name: string): ZonePlan {
  const zone = context.zones.find((candidate) => candidate.name === name);
  if (zone === undefined) throw new RangeError(`no zone ${name}`);
  return zone;
}

/** Grafana's is the one image that is not built here: it is the official one. */
export const grafanaImage = 'grafana/grafana:11.6.0';

/** Where a person opens a service's page; links in alerts lead there. */
export function externalUrl(context: Pick<PlanContext, 'endpoints'>, service: string): string {
  const endpoint = context.endpoints.find((candidate) => candidate.service === service);
  return endpoint?.url ?? `http://${service}/`;
}

/** The reference of a part's image. */
export function imageOf(settings: Settings, part: string): string {
  const reference = settings.images[part];
  if (reference === undefined) throw new RangeError(`no image ${part}`);
  return reference;
}

/** The monitoring client that every server carries. */
export const nodeExporterPort = 9100;

/** Quick while it starts, sparing afterwards: each run costs the machine some 80 ms of a processor. */
export const health = {
  test: ['CMD', '/usr/local/bin/healthy'],
  interval: '30s',
  timeout: '5s',
  retries: 3,
  start_period: '60s',
  start_interval: '500ms',
};

/** Writable places of a read-only root, owned by the service's user. */
export function scratch(uid: number, ...more: string[]): string[] {
  return [
    `/run:uid=${uid},gid=${uid},mode=0755,size=16m,exec`,
    `/tmp:uid=${uid},gid=${uid},mode=0700,size=16m`,
    ...more,
  ];
}

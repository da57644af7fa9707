import { parseTarget, policyOf } from '../lab/policy.ts';
import type { Lab } from '../lab/schema.ts';
import type { EndpointPlan, Plan, ScrapePlan, ServicePlan, Settings } from './types.ts';
import type { PlanContext, ServiceParts } from './context.ts';
import { addressOf } from './context.ts';
import { planAttachments, planZones } from './addresses.ts';
import { planBalancer } from './services/balancer.ts';
import { planDatabase } from './services/database.ts';
import { planFirewall } from './services/firewall.ts';
import { planAlertmanager, planGrafana, planInbox, planProber } from './services/operations.ts';
import { planPrometheus } from './services/prometheus.ts';
import { planServer } from './services/server.ts';
import { planWeb } from './services/web.ts';

/** Lab and settings to everything that will exist. Pure: the same input gives the same plan. */
export function makePlan(definition: Lab, settings: Settings): Plan {
  const lab = settings.grafana ? definition : withoutGrafana(definition);
  const zones = planZones(lab, settings);
  const attachments = planAttachments(lab, zones);
  const context: PlanContext = {
    lab,
    settings,
    zones,
    attachments,
    policy: policyOf(lab),
    endpoints: planEndpoints(lab, settings),
  };
  const parts = planParts(context);
  const services = [...parts].map(([name, part]) => planService(context, name, part));
  return {
    lab,
    settings,
    zones,
    services,
    sharedAddresses: Object.entries(lab.sharedAddresses).map(([name, { among }]) => ({
      name,
      zone: attachments.get(name)?.[0]?.zone ?? '',
      address: addressOf(context, name),
      among,
    })),
    policy: context.policy,
    endpoints: context.endpoints,
    secrets: mergeReaders([...parts.values()].flatMap(({ secrets = [] }) => secrets)),
    certificates: [...parts.values()].flatMap(({ certificates = [] }) => certificates),
    volumes: [...parts.values()].flatMap(({ volumes = [] }) => volumes),
    files: services.flatMap(({ files }) => files),
  };
}

/** Every service's own parts. Prometheus comes last, since it asks what the others offer. */
function planParts(context: PlanContext): Map<string, ServiceParts> {
  const parts = new Map<string, ServiceParts>();
  const prometheus: string[] = [];
  for (const [name, service] of Object.entries(context.lab.services)) {
    if (service.kind === 'prometheus') prometheus.push(name);
    else parts.set(name, planners[service.kind](context, name));
  }
  const offered = (): ScrapePlan[] => [...parts.values()].flatMap(({ scrapes = [] }) => scrapes);
  for (const name of prometheus) {
    const itself = { job: 'prometheus', service: name, port: 9090 };
    parts.set(name, planPrometheus(context, name, [...offered(), itself]));
  }
  return parts;
}

const planners = {
  firewall: planFirewall,
  balancer: planBalancer,
  web: planWeb,
  database: planDatabase,
  server: planServer,
  alertmanager: planAlertmanager,
  grafana: planGrafana,
  inbox: planInbox,
  prober: planProber,
};

function planService(context: PlanContext, name: string, part: ServiceParts): ServicePlan {
  const attachments = context.attachments.get(name) ?? [];
  const service = context.lab.services[name];
  if (service === undefined) throw new RangeError(`no service ${name}`);
  return {
    name,
    kind: service.kind,
    zone: service.kind === 'firewall' ? 'core' : service.zone,
    address: addressOf(context, name),
    attachments,
    image: part.image,
    uid: part.uid,
    compose: { ...part.compose, ...published(context, name) },
    files: part.files ?? [],
    scrapes: part.scrapes ?? [],
  };
}

/** Where no firewall stands at the edge, a service's ports are published as they are. */
function published({ zones, attachments, endpoints }: PlanContext, name: string): { ports?: string[] } {
  const own = endpoints.filter(({ service }) => service === name);
  const zone = zones.find((one) => one.name === attachments.get(name)?.[0]?.zone);
  if (own.length === 0 || zone === undefined || zone.router !== undefined) return {};
  return { ports: own.map(({ hostPort, port }) => `127.0.0.1:${hostPort}:${port}`) };
}

function planEndpoints(lab: Lab, settings: Settings): EndpointPlan[] {
  return Object.entries(lab.endpoints).map(([name, endpoint]) => {
    const { service, port } = parseTarget(endpoint.to);
    const hostPort = settings.ports[name] ?? endpoint.hostPort;
    return { name, service, port, hostPort, url: endpointUrl(lab, name, port, hostPort) };
  });
}

/** The site's pages carry its name; the operators' pages are opened on the loopback address. */
function endpointUrl(lab: Lab, name: string, port: number, hostPort: number): string {
  const scheme = port === 443 ? 'https' : 'http';
  const host = name === 'https' || name === 'http' ? lab.site.domain : '127.0.0.1';
  const standard = scheme === 'https' ? 443 : 80;
  return `${scheme}://${host}${hostPort === standard ? '' : `:${hostPort}`}/`;
}

function withoutGrafana(lab: Lab): Lab {
  const gone = new Set(Object.entries(lab.services).flatMap(([name, { kind }]) => (kind === 'grafana' ? [name] : [])));
  const stays = (target: string): boolean => !gone.has(parseTarget(target).service);
  return {
    ...lab,
    services: Object.fromEntries(Object.entries(lab.services).filter(([name]) => !gone.has(name))),
    endpoints: Object.fromEntries(Object.entries(lab.endpoints).filter(([, { to }]) => stays(to))),
    flows: Object.fromEntries(
      Object.entries(lab.flows).flatMap(([name, flow]) => {
        const kept = { ...flow, from: flow.from.filter((from) => !gone.has(from)), to: flow.to.filter(stays) };
        return kept.from.length > 0 && kept.to.length > 0 ? [[name, kept]] : [];
      }),
    ),
  };
}

function mergeReaders(secrets: readonly { name: string; readers: readonly string[] }[]): Plan['secrets'] {
  const readers = new Map<string, string[]>();
  for (const secret of secrets) readers.set(secret.name, [...(readers.get(secret.name) ?? []), ...secret.readers]);
  return [...readers].map(([name, list]) => ({ name, readers: [...new Set(list)] }));
}

import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import { failure, inputError } from '../errors.ts';
import type { Plan, ServicePlan } from '../plan/types.ts';
import { startCapture } from '../probe/capture.ts';
import { parseFirewallCounters } from '../probe/firewall-counters.ts';
import { ProjectContainers } from '../probe/project-containers.ts';
import { instantQuery, type Sample } from '../probe/prometheus.ts';
import { Vantages, type From } from '../probe/vantages.ts';
import type { CheckContext } from './check.ts';
import { inhabitedZones } from './firewalls/flows.ts';
import { servicesOf } from './services.ts';

export interface ContextOptions {
  docker: Docker;
  plan: Plan;
  /** Where the project's CA and secrets lie (`projectFolder` in src/project). */
  folder: { authority: string; secret(service: string, name: string): string };
  /** What was written (`lab.lock.json`). */
  written: Readonly<Record<string, string | null>>;
  signal?: AbortSignal;
}

/**
 * Opens the vantages that a full run uses, as soon as there are containers: a probe takes longer to start than to measure.
 * One that cannot be opened is tried again by the check that needs it, which then says why.
 */
export function openAhead({ plan, vantages }: CheckContext): void {
  const places: From[] = [
    ...vantages.zones.slice(0, 1).map(({ name }) => ({ zone: name })),
    ...servicesOf(plan, 'web')
      .slice(0, 1)
      .map(({ name }) => ({ service: name })),
  ];
  vantages.open(places).catch(() => undefined);
}

/** What the checks of one run share. Close it at the end. */
export function createContext(options: ContextOptions): CheckContext {
  const { docker, plan, folder } = options;
  const { project, images } = plan.settings;
  const containers = new ProjectContainers(docker, project);
  const vantages = new Vantages({
    docker,
    project,
    image: probeImage(images),
    zones: inhabitedZones(plan),
    containerOf: (service) => containers.id(service),
  });
  let authority: Promise<string> | undefined;
  return {
    plan,
    project,
    vantages,
    service: (name) => serviceOf(plan, name),
    exec: (service, argv, execOptions) => containers.exec(service, argv, execOptions),
    facts: (service) => containers.facts(service),
    stop: (service) => containers.stop(service),
    kill: (service) => containers.kill(service),
    start: async (service) => {
      await containers.start(service);
      await vantages.reset({ service });
    },
    counters: async (firewall, family = 'IPv4') => {
      const tool = family === 'IPv4' ? 'iptables-save' : 'ip6tables-save';
      const { exitCode, stdout, stderr } = await containers.exec(firewall, [tool, '-c']);
      if (exitCode !== 0) throw failure('COUNTERS', { message: `${tool} failed on ${firewall}`, found: stderr.trim() });
      return parseFirewallCounters(stdout);
    },
    prometheus: (expression) => prometheus(plan, vantages, expression),
    secret: async (service, name) => (await readFile(folder.secret(service, name), 'utf8')).replace(/\r?\n$/, ''),
    written: options.written,
    listen: (zones, filter) =>
      startCapture({
        docker,
        project,
        image: probeImage(images),
        zones: zones.map((zone) => ({ name: zone, network: networkOf(plan, zone) })),
        ...(filter === undefined ? {} : { filter }),
      }),
    ca: () => (authority ??= readFile(folder.authority, 'utf8')),
    close: async () => {
      containers.close();
      await vantages.close();
    },
    signal: options.signal ?? new AbortController().signal,
  };
}

function probeImage(images: Readonly<Record<string, string>>): string {
  const image = images['probe'];
  if (image === undefined) throw new Error('the plan names no image for `probe`');
  return image;
}

function networkOf(plan: Plan, zone: string): string {
  const found = plan.zones.find(({ name }) => name === zone);
  if (found === undefined) throw inputError('ZONE_UNKNOWN', { message: `this lab has no zone called ${zone}` });
  return found.network;
}

function serviceOf(plan: Plan, name: string): ServicePlan {
  const service = plan.services.find((one) => one.name === name);
  if (service !== undefined) return service;
  throw inputError('SERVICE_UNKNOWN', { message: `this lab has no service called ${name}` });
}

/** Asks over the host's endpoint where the lab publishes one, otherwise from beside Prometheus itself. */
function prometheus(plan: Plan, vantages: Vantages, expression: string): Promise<Sample[]> {
  const endpoint = plan.endpoints.find(({ service, port }) => service === 'prometheus' && port === 9090);
  return endpoint === undefined
    ? instantQuery(vantages.from({ service: 'prometheus' }), { address: '127.0.0.1', port: 9090 }, expression)
    : instantQuery(vantages.host, { address: '127.0.0.1', port: endpoint.hostPort }, expression);
}

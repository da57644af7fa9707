import type Docker from 'dockerode';
import { machineError } from '../errors.ts';
import { apiAtLeast, checkEngine } from '../engine/docker.ts';
import { freeBlock, usedSubnets } from '../engine/networks.ts';
import type { PortHolder } from '../engine/ports.ts';
import { describeHolder, portHolders } from '../engine/ports.ts';
import type { Lab } from '../lab/schema.ts';
import { servicesOf } from '../plan/context.ts';
import { blockOf, blocksFrom } from '../plan/block.ts';
import type { Settings } from '../plan/types.ts';
import type { Lock } from '../project/lock.ts';
import type { Wishes } from './offline-settings.ts';
import { checkPortNames, portsOf } from './offline-settings.ts';

/** API of Engine 28.0, the first that knows the gateway mode `nat-unprotected`. */
const natUnprotectedApi = '1.48';

/** How far from an endpoint's own port a free one is looked for. */
const portsTried = 200;

/**
 * Settings that fit this machine: what was decided for the project before stays, what was asked for wins,
 * and the rest is chosen free of other projects and of the host.
 * @throws UserError `PORT_TAKEN`, `SUBNETS_EXHAUSTED`
 */
export async function settingsHere(
  docker: Docker,
  lab: Lab,
  wishes: Wishes,
  before: Lock['settings'] | undefined,
  rest: Pick<Settings, 'images' | 'grafana'>,
): Promise<Settings> {
  checkPortNames(lab, wishes);
  const seed = wishes.seed ?? before?.seed ?? 0;
  const [used, ports, { api }] = await Promise.all([
    usedSubnets(docker),
    portsHere(docker, lab, wishes, before?.ports ?? {}),
    checkEngine(docker),
  ]);
  const hasFirewalls = servicesOf(lab, 'firewall').length > 0;
  const first = before === undefined || before.seed !== seed ? blockOf(seed) : before.block;
  return {
    project: wishes.project,
    block: freeBlock(blocksFrom(first), used, wishes.project),
    ports,
    certificates: wishes.certificates ?? before?.certificates ?? 'lab-ca',
    seed,
    ...(hasFirewalls && apiAtLeast(api, natUnprotectedApi) ? { edgeGatewayMode: 'nat-unprotected' as const } : {}),
    ...rest,
  };
}

async function portsHere(
  docker: Docker,
  lab: Lab,
  wishes: Wishes,
  before: Record<string, number>,
): Promise<Record<string, number>> {
  const wanted = portsOf(lab, (name, own) => wishes.ports[name] ?? before[name] ?? own);
  const holders = await portHolders(Object.values(wanted), docker);
  const taken = new Set<number>();
  const chosen: Record<string, number> = {};
  for (const [name, port] of Object.entries(wanted)) {
    const holder = holders.get(port);
    const free = !taken.has(port) && (holder === undefined || isOwn(holder, wishes.project));
    if (!free && wishes.ports[name] !== undefined) throw portTaken(name, port, holder);
    chosen[name] = free ? port : await nextFree(docker, port, taken);
    taken.add(chosen[name] ?? port);
  }
  return chosen;
}

function isOwn(holder: PortHolder, project: string): boolean {
  return holder.kind === 'container' && holder.project === project;
}

async function nextFree(docker: Docker, from: number, taken: ReadonlySet<number>): Promise<number> {
  const candidates = Array.from({ length: portsTried }, (_, index) => from + 1 + index).filter(
    (port) => port < 65536 && !taken.has(port),
  );
  const published = new Set(
    (await docker.listContainers()).flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort)),
  );
  for (const port of candidates.filter((candidate) => !published.has(candidate))) {
    if ((await portHolders([port])).size === 0) return port;
  }
  throw machineError('PORT_TAKEN', {
    message: `no free port between ${from} and ${from + portsTried}`,
    fix: 'choose one with --https-port or --http-port',
  });
}

function portTaken(name: string, port: number, holder: PortHolder | undefined): Error {
  return machineError('PORT_TAKEN', {
    message: `port ${port}, asked for as ${name}, is taken`,
    found: holder === undefined ? 'another endpoint of this lab' : describeHolder(holder),
    fix: 'choose another port, or end what holds it',
  });
}

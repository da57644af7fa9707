import { networkInterfaces } from 'node:os';
import type Docker from 'dockerode';
import { execa } from 'execa';
import ipaddr from 'ipaddr.js';
import { machineError } from '../errors.ts';
import { overlaps } from '../overlaps.ts';
import { composeLabel } from './containers.ts';

/** A subnet that is in use, and by what, in a user's words. */
export interface UsedSubnet {
  /** CIDR, IPv4. */
  subnet: string;
  by: string;
  /** The Compose project that the network belongs to. */
  project?: string;
}

/** The IPv4 subnets that are in use on this machine: by Docker networks and by the host's own routes. */
export async function usedSubnets(docker: Docker): Promise<UsedSubnet[]> {
  const [networks, routes] = await Promise.all([networkSubnets(docker), routedSubnets()]);
  return [...networks, ...routes];
}

/**
 * The first of `candidates` (CIDRs, usually /24s) that overlaps nothing in use, the project's own networks aside.
 * @throws UserError SUBNETS_EXHAUSTED
 */
export function freeBlock(candidates: Iterable<string>, used: readonly UsedSubnet[], project?: string): string {
  // The host's routes and addresses show the project's own networks a second time, without saying whose they are.
  const own = used.filter((entry) => project !== undefined && entry.project === project);
  const others = used.filter((entry) => !own.some(({ subnet }) => overlaps(subnet, entry.subnet)));
  let tried = 0;
  for (const candidate of candidates) {
    tried += 1;
    if (!others.some(({ subnet }) => overlaps(candidate, subnet))) return candidate;
  }
  throw machineError('SUBNETS_EXHAUSTED', {
    message: `None of ${tried} candidate subnets is free on this machine.`,
    expected: 'a /24 that no Docker network and no route of the host uses',
    found: others
      .slice(0, 8)
      .map(({ subnet, by }) => `${subnet} (${by})`)
      .join(', '),
    fix: 'Take down a lab that is not needed (`lab list projects`, `lab down --project P`), or remove unused networks (`docker network ls`).',
  });
}

async function networkSubnets(docker: Docker): Promise<UsedSubnet[]> {
  const networks = await docker.listNetworks();
  return networks.flatMap(({ Name, IPAM, Labels }) => {
    const project = Labels?.[composeLabel.project];
    return (IPAM?.Config ?? [])
      .map(({ Subnet }) => Subnet)
      .filter((subnet) => subnet !== undefined && ipaddr.IPv4.isValidCIDR(subnet))
      .map((subnet) => ({ subnet: subnet as string, by: `Docker network ${Name}`, ...(project ? { project } : {}) }));
  });
}

async function routedSubnets(): Promise<UsedSubnet[]> {
  const { stdout, failed } = await execa('ip', ['-4', '-json', 'route', 'show', 'table', 'all'], {
    reject: false,
    timeout: 5000,
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` },
  });
  return [...interfaceSubnets(), ...(failed ? [] : parseRoutes(stdout))];
}

/** Subnets of the host's addresses: all there is to know where there is no `ip`. */
function interfaceSubnets(): UsedSubnet[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses
      .filter(({ family, cidr }) => family === 'IPv4' && cidr !== null)
      .map(({ cidr }) => ({ subnet: cidr as string, by: `interface ${name}` })),
  );
}

/** Reads `ip -json route`: every destination but the default route, which says nothing about use. */
export function parseRoutes(json: string): UsedSubnet[] {
  if (json.trim() === '') return [];
  const routes = JSON.parse(json) as { dst?: string; dev?: string }[];
  return routes.flatMap(({ dst = 'default', dev }) => {
    const subnet = dst.includes('/') ? dst : `${dst}/32`;
    if (!ipaddr.IPv4.isValidCIDR(subnet) || subnet.endsWith('/0')) return [];
    return [{ subnet, by: `route${dev ? ` through ${dev}` : ''}` }];
  });
}

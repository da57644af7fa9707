import type { PlanContext } from '../context.ts';
import { addressOf, health } from '../context.ts';
import type { ComposeService, FilePlan } from '../types.ts';

/** An address that a balancer shares, and with whom. */
export interface Sharing {
  name: string;
  address: string;
  own: string;
  peers: readonly string[];
  /** Tells addresses of one zone apart (VRID, 1 to 255). */
  routerId: number;
  /** The first of those that share it. */
  first: string;
}

/** The address that a service shares with others, if it does. */
export function sharingOf(context: PlanContext, service: string): Sharing | undefined {
  const entries = Object.entries(context.lab.sharedAddresses);
  const index = entries.findIndex(([, { among }]) => among.includes(service));
  const [name, { among }] = entries[index] ?? ['', { among: [] as string[] }];
  if (index === -1) return undefined;
  return {
    name,
    address: addressOf(context, name),
    own: addressOf(context, service),
    peers: among.filter((other) => other !== service).map((other) => addressOf(context, other)),
    routerId: index + 1,
    first: among[0] ?? service,
  };
}

/**
 * Rights that one program needs: keepalived takes the address (NET_ADMIN), and sends VRRP and ARP over raw sockets (NET_RAW). The
 * container begins as root, since the engine gives rights to nobody else, and becomes the balancer's user at once (SETUID, SETGID).
 */
export const sharingCapabilities = ['NET_ADMIN', 'NET_RAW', 'SETGID', 'SETUID'] as const;

/** What Compose is told of a service that shares its address. */
export function sharing(uid: number): ComposeService {
  return {
    user: '0:0',
    entrypoint: ['/usr/local/bin/share-address'],
    cap_add: [...sharingCapabilities],
    // Commands and health checks are run as the service's own user all the same.
    labels: { 'lab.user': `${uid}:${uid}` },
    healthcheck: {
      ...health,
      test: ['CMD', 'setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'healthy'],
    },
  };
}

/** The configuration of keepalived, and of those that tell it how the balancer is. */
export function sharingFiles(service: string, shared: Sharing): FilePlan[] {
  return [
    { path: `${service}/keepalived.conf`, template: 'balancer/keepalived.conf.hbs', data: shared },
    { path: `${service}/shared-address`, template: 'balancer/shared-address.hbs', data: shared },
  ];
}

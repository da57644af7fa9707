import type { Service, ServiceKind, ServiceOf } from './schema.ts';

type DatabaseRole = ServiceOf<'database'>['role'];

/** Whether a service does the work of a kind: a server with everything on it is a web server and a database too. */
export function plays(own: ServiceKind | undefined, kind: ServiceKind): boolean {
  return own === kind || (own === 'server' && (kind === 'web' || kind === 'database'));
}

/** What a service is among the databases; undefined for one that is none. */
export function databaseRole(service: Service | undefined): DatabaseRole | undefined {
  if (service?.kind === 'server') return 'primary';
  return service?.kind === 'database' ? service.role : undefined;
}

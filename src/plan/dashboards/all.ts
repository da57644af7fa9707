import type { Lab } from '../../lab/schema.ts';
import { balancer } from './balancer.ts';
import { database } from './database.ts';
import { firewalls } from './firewalls.ts';
import { monitoring } from './monitoring.ts';
import type { Page } from './page.ts';
import { requestPath } from './request-path.ts';
import { servers } from './servers.ts';
import { serviceLevel } from './service-level.ts';

/** Every dashboard of a lab's Grafana. Those about what the lab does not have are left out. */
export function dashboards(lab: Lab): Page[] {
  const pages = [requestPath, serviceLevel, firewalls, balancer, servers, database, monitoring];
  return pages.map((make) => make(lab)).filter((page) => page !== undefined);
}

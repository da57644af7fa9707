/** How the image of a part is made. */
export interface Part {
  /** The part it builds on; without one it is built on Debian itself. */
  parent?: string;
  /** Other parts whose files its Dockerfile copies: each is a build argument, its name in capitals. */
  takesFrom?: readonly string[];
  /** Programs bundled into the build context: `dist/<name>` <- entry, a path below `images/<part>/`. */
  bundles?: Readonly<Record<string, string>>;
  /** What it takes into its build context from elsewhere: a path below `shared/` <- a file or folder, from the repository's root. */
  shared?: Readonly<Record<string, string>>;
  /** Files and folders outside `images/<part>/` that the bundles take in, from the repository's root. */
  sources?: readonly string[];
  /** Packages of `package.json` that the bundles take in: their locked versions count as inputs. */
  packages?: readonly string[];
}

export type PartTable = Readonly<Record<string, Part>>;

/** What every server has alike, whatever it is made of. */
const ofEveryServer = {
  'srv/app/static': 'images/web/files',
  'etc/s6/database-balancer': 'images/web/rootfs/etc/s6/database-balancer',
  'usr/local/bin/healthy': 'images/web/rootfs/usr/local/bin/healthy',
};

/** Every part that is built here, the slowest first. Grafana is not: it is an official image. */
export const parts: PartTable = {
  base: {},
  database: { parent: 'base' },
  node: { parent: 'base' },
  firewall: { parent: 'base' },
  balancer: { parent: 'base' },
  'server-firewall': { parent: 'base' },
  prometheus: { parent: 'base' },
  alertmanager: { parent: 'base' },
  prober: { parent: 'base' },
  web: { parent: 'node', bundles: { 'app.js': 'app/server.ts' }, packages: ['mysql2', 'prom-client'] },
  // Not on `node`: what one server needs is not on the others.
  'web-apache-php': { parent: 'base', shared: ofEveryServer },
  'web-caddy-python': { parent: 'base', shared: ofEveryServer },
  server: { parent: 'database', takesFrom: ['web'] },
  inbox: { parent: 'node', bundles: { 'inbox.js': 'app/main.ts' }, packages: ['smtp-server', 'postal-mime'] },
  // Stands in for the servers where a balancer alone is graded.
  origin: { parent: 'node', bundles: { 'origin.js': 'app/server.ts' } },
  probe: {
    parent: 'node',
    bundles: { 'agent.js': 'agent/agent.ts', 'sql.js': 'agent/sql.ts' },
    sources: ['src/probe/operations', 'src/probe/protocol.ts'],
    packages: ['mysql2'],
  },
};

/** A part and what it builds on, Debian's end first. @throws Error when the table is wrong */
export function lineage(table: PartTable, name: string, above: readonly string[] = []): string[] {
  if (above.includes(name)) throw new Error(`part ${name} is its own ancestor`);
  const part = table[name];
  if (!part) throw new Error(`there is no part ${name}`);
  const below = neededBy(part).flatMap((one) => lineage(table, one, [...above, name]));
  return [...new Set([...below, name])];
}

/** The parts whose images must be there before this one is built. */
export function neededBy({ parent, takesFrom = [] }: Part): string[] {
  return [...(parent === undefined ? [] : [parent]), ...takesFrom];
}

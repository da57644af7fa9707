/** How the outside probe looks at the site: the name of its target, the prober's module, and how often, in seconds. */
export interface SiteProbe {
  name: string;
  module: string;
  scheme: 'http' | 'https' | 'tls';
  /** Default: the lab's own interval. Each handshake costs the balancer a signature, so not all are asked at every turn. */
  everySeconds?: number;
}

/** Every lab with a prober has all of these; alerts build on their names. */
export const siteProbes: readonly SiteProbe[] = [
  { name: 'site', module: 'http_2xx', scheme: 'https' },
  { name: 'redirect', module: 'http_redirect', scheme: 'http' },
  { name: 'unverified', module: 'http_unverified', scheme: 'https', everySeconds: 4 },
  { name: 'hsts', module: 'http_hsts', scheme: 'https', everySeconds: 4 },
  { name: 'old-tls', module: 'tcp_old_tls', scheme: 'tls', everySeconds: 4 },
];

/** What a probe is pointed at. */
export function targetOf({ scheme }: SiteProbe, domain: string): string {
  return scheme === 'tls' ? `${domain}:443` : `${scheme}://${domain}/`;
}

import type { Lab, ServiceOf } from '../lab/schema.ts';
import { servicesOf } from './context.ts';

export type StackName = ServiceOf<'web'>['stack'];

/** What a server is made of: the web server in front, and the application behind it. Both keep the contract of docs/application.md. */
export interface Stack {
  /** The part whose image it runs. */
  part: string;
  /** What the web server in front is called. */
  front: string;
  /** Its folder below /run/service, and the job by which Prometheus asks for its figures, on port 9113. */
  process: string;
  /** Its configuration: a file below /etc/lab, from a template of the same name. */
  file: string;
  /** PromQL: 1 while it runs, its requests so far, and its open connections. */
  up: string;
  requests: string;
  connections: string;
  /** A metric of its monitoring client, and between what bounds a sound value lies. */
  vital: { metric: string; least: number; most: number };
  /** What of the image is watched, beside /srv/app. */
  watched: readonly string[];
}

export const stacks: Readonly<Record<StackName, Stack>> = {
  'nginx-node': {
    part: 'web',
    front: 'Nginx',
    process: 'nginx',
    file: 'nginx.conf',
    up: 'nginx_up',
    requests: 'nginx_http_requests_total',
    connections: 'nginx_connections_active',
    vital: { metric: 'nginx_up', least: 1, most: 1 },
    watched: ['/etc/nginx'],
  },
  'apache-php': {
    part: 'web-apache-php',
    front: 'Apache',
    process: 'apache',
    file: 'apache.conf',
    up: 'apache_up',
    requests: 'apache_accesses_total',
    connections: 'apache_connections{state="total"}',
    vital: { metric: 'apache_up', least: 1, most: 1 },
    watched: ['/etc/php'],
  },
  // Caddy is its own monitoring client: without it there are no figures at all.
  'caddy-python': {
    part: 'web-caddy-python',
    front: 'Caddy',
    process: 'caddy',
    file: 'Caddyfile',
    up: 'up{job="caddy"}',
    requests: 'caddy_http_requests_total{handler="subroute"}',
    connections: 'caddy_http_requests_in_flight{handler="subroute"}',
    vital: { metric: 'caddy_reverse_proxy_upstreams_healthy', least: 0, most: 1 },
    watched: [],
  },
};

/** What a server is made of. @throws RangeError when it is none */
export function stackOf(lab: Pick<Lab, 'services'>, name: string): Stack {
  return stacks[stackNameOf(lab, name)];
}

/** @throws RangeError when it is no server */
export function stackNameOf({ services }: Pick<Lab, 'services'>, name: string): StackName {
  const service = services[name];
  if (service?.kind === 'server') return 'nginx-node';
  if (service?.kind !== 'web') throw new RangeError(`${name} is not a server`);
  return service.stack;
}

/** The stacks of a lab's servers, each once, in the order of `stacks`. */
export function stacksOf(lab: Lab): Stack[] {
  const used = new Set(servicesOf(lab, 'web').map((name) => stackOf(lab, name)));
  return Object.values(stacks).filter((stack) => used.has(stack));
}

/** What the web servers in front are called together: `Nginx`, or `Nginx, Apache and Caddy`. */
export function frontsOf(lab: Lab): string {
  return listed(stacksOf(lab).map(({ front }) => front));
}

/** One expression for the servers of all stacks. */
export function ofAnyStack(lab: Lab, pick: (stack: Stack) => string): string {
  const expressions = stacksOf(lab).map(pick);
  return expressions.length === 1 ? expressions.join('') : `(${expressions.join(' or ')})`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

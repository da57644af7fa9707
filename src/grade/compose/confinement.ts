import type { DescribedService } from './described.ts';
import { most } from './limits.ts';

/** What compose.base.yml gives every service of the lab, written out: no file but this one is read. */
export function hardening(service: DescribedService): object {
  return {
    cap_drop: ['ALL'],
    ...(service.netAdmin ? { cap_add: ['NET_ADMIN'] } : {}),
    security_opt: ['no-new-privileges:true'],
    read_only: true,
    restart: service.restart,
    dns: ['127.0.0.1'],
    pids_limit: service.processes,
    cpus: service.cpus,
    mem_limit: `${service.memory}m`,
    memswap_limit: `${service.memory}m`,
    oom_score_adj: 500,
    stop_grace_period: service.part === 'database' || service.part === 'server' ? '15s' : '5s',
    ulimits: { nofile: { soft: service.openFiles, hard: service.openFiles }, fsize: most.fileBytes, core: 0 },
    logging: { driver: 'json-file', options: { 'max-size': '5m', 'max-file': '2' } },
    sysctls: Object.fromEntries(service.sysctls),
  };
}

/** Whom an image runs as where a service names nobody. */
const userOf: Readonly<Record<string, number>> = {
  balancer: 10010,
  web: 10020,
  'web-apache-php': 10020,
  'web-caddy-python': 10020,
  database: 10030,
  server: 10030,
  prometheus: 10040,
  alertmanager: 10050,
  inbox: 10060,
  prober: 10070,
};

/** Its own writable places, and the two that every image needs. */
export function writable({ part, user, tmpfs, mounts }: DescribedService): string[] {
  // runc before 1.2 gives a tmpfs the mode of the folder below it, whatever was asked for: its owner must be who writes there.
  const uid = /^\d+/.exec(user ?? '')?.[0] ?? String(userOf[part] ?? 0);
  const owned = (options: readonly string[]): string[] =>
    options.some((option) => option.startsWith('uid=')) ? [...options] : [`uid=${uid}`, ...options];
  const own = tmpfs.map(
    ({ target, size, options }) => `${target}:${[...owned(options), `size=${size}m`, 'nosuid', 'nodev'].join(',')}`,
  );
  // A volume that an image declares and nobody mounts would be one without a limit.
  const needed = [
    `/run:uid=${uid},mode=1777,size=16m,exec`,
    `/tmp:uid=${uid},mode=1777,size=16m`,
    ...(part === 'prometheus' ? [`/prometheus:uid=${uid},mode=1777,size=64m`] : []),
  ];
  const there = [...tmpfs, ...mounts].map(({ target }) => target);
  return [
    ...own,
    ...needed.filter((one) => !there.includes(one.slice(0, one.indexOf(':')))).map((one) => `${one},nosuid,nodev`),
  ];
}

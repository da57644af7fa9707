import { dashboards } from '../dashboards/all.ts';
import { dashboardTemplate } from '../dashboards/page.ts';
import type { PlanContext, ServiceParts } from '../context.ts';
import { externalUrl, grafanaImage, health, imageOf, scratch, serviceOf } from '../context.ts';

/** Alertmanager: mails the administrators through the inbox. */
export function planAlertmanager(context: PlanContext, name: string): ServiceParts {
  const uid = 10050;
  return {
    image: imageOf(context.settings, 'alertmanager'),
    uid,
    compose: {
      command: [`--web.external-url=${externalUrl(context, name)}`],
      healthcheck: health,
      tmpfs: scratch(uid),
      mem_limit: '96m',
      memswap_limit: '96m',
    },
    files: [
      {
        path: `${name}/alertmanager.yml`,
        template: 'alertmanager/alertmanager.yml.hbs',
        data: {
          administrators: context.lab.monitoring.administrators,
          from: `alertmanager@${context.lab.site.domain}`,
          heartbeat: `watchdog@${context.lab.site.domain}`,
          routers: routersBetween(context, name),
          smarthost: `${serviceOf(context.lab, 'inbox') ?? 'localhost'}:25`,
        },
      },
    ],
    scrapes: [{ job: 'alertmanager', service: name, port: 9093 }],
  };
}

/** The firewalls that Prometheus looks through, each with the zones that it cannot see without it, as a regular expression. */
function routersBetween(context: PlanContext, name: string): { router: string; zones: string }[] {
  const own = context.attachments.get(serviceOf(context.lab, 'prometheus') ?? name)?.[0]?.zone;
  const gate = context.zones.find((zone) => zone.name === own)?.router;
  const hidden = context.zones.filter((zone) => zone.name !== own);
  return [...new Set(hidden.flatMap(({ router }) => router ?? []))].map((router) => ({
    router,
    zones: hidden
      .flatMap((zone) => (router === gate || (zone.router === router && zone.name !== 'core') ? [zone.name] : []))
      .join('|'),
  }));
}

/** The inbox: receives the administrators' mail and shows it. */
export function planInbox(context: PlanContext, name: string): ServiceParts {
  const uid = 10060;
  return {
    image: imageOf(context.settings, 'inbox'),
    uid,
    compose: { healthcheck: health, tmpfs: scratch(uid), mem_limit: '128m', memswap_limit: '128m' },
    scrapes: [{ job: 'inbox', service: name, port: 8025 }],
  };
}

/** The prober: opens the site the way a visitor does. */
export function planProber(context: PlanContext, name: string): ServiceParts {
  const uid = 10070;
  return {
    image: imageOf(context.settings, 'prober'),
    uid,
    compose: { healthcheck: health, tmpfs: scratch(uid), mem_limit: '64m', memswap_limit: '64m' },
    files: [
      {
        path: `${name}/blackbox.yml`,
        template: 'prober/blackbox.yml.hbs',
        data: { domain: context.lab.site.domain },
      },
    ],
    scrapes: [{ job: 'prober', service: name, port: 9115 }],
  };
}

/** Grafana, by its official image, with its data source and dashboards. */
export function planGrafana({ lab }: PlanContext, name: string): ServiceParts {
  const uid = 472;
  return {
    image: grafanaImage,
    uid,
    compose: {
      tmpfs: scratch(uid, `/var/lib/grafana:uid=${uid},gid=0,mode=0755,size=64m`),
      mem_limit: '256m',
      memswap_limit: '256m',
      environment: {
        GF_PATHS_PROVISIONING: '/etc/lab/provisioning',
        GF_ANALYTICS_REPORTING_ENABLED: 'false',
        GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
        GF_AUTH_ANONYMOUS_ENABLED: 'true',
        GF_AUTH_ANONYMOUS_ORG_ROLE: 'Viewer',
        GF_SECURITY_ADMIN_PASSWORD__FILE: '/run/secrets/grafana-admin',
      },
      healthcheck: {
        ...health,
        test: ['CMD', 'wget', '-q', '-O', '/dev/null', 'http://127.0.0.1:3000/api/health'],
      },
    },
    files: [
      {
        path: `${name}/provisioning/datasources/prometheus.yml`,
        template: 'grafana/datasource.yml.hbs',
        data: {
          prometheusUrl: `http://${serviceOf(lab, 'prometheus') ?? 'localhost'}:9090`,
          scrapeInterval: `${lab.monitoring.scrapeIntervalSeconds}s`,
        },
      },
      { path: `${name}/provisioning/dashboards/lab.yml`, template: 'grafana/dashboards.yml.hbs', data: {} },
      ...dashboards(lab).map((page) => ({
        path: `${name}/dashboards/${page.uid}.json`,
        template: dashboardTemplate,
        data: page,
      })),
    ],
    scrapes: [{ job: 'grafana', service: name, port: 3000 }],
    secrets: [{ name: 'grafana-admin', readers: [name] }],
  };
}

import type { PlanContext, ServiceParts } from '../context.ts';
import type { ScrapePlan } from '../types.ts';
import { externalUrl, health, imageOf, scratch, serviceOf } from '../context.ts';

const uid = 10040;

/** Prometheus: asks every monitoring client, and the prober about the site from outside. */
export function planPrometheus(context: PlanContext, name: string, scrapes: readonly ScrapePlan[]): ServiceParts {
  const { lab, settings } = context;
  const prober = serviceOf(lab, 'prober');
  const alertmanager = serviceOf(lab, 'alertmanager');
  const interval = `${lab.monitoring.scrapeIntervalSeconds}s`;
  const data = {
    scrapeInterval: interval,
    evaluationInterval: interval,
    jobs: jobsOf(context, scrapes),
    blackbox:
      prober === undefined
        ? null
        : {
            prober: `${prober}:9115`,
            targets: [
              { name: 'site', url: `https://${lab.site.domain}/`, module: 'http_2xx' },
              { name: 'redirect', url: `http://${lab.site.domain}/`, module: 'http_redirect' },
            ],
          },
    alertmanagers: alertmanager === undefined ? [] : [`${alertmanager}:9093`],
  };
  const volume = `${name}-data`;
  return {
    image: imageOf(settings, 'prometheus'),
    uid,
    compose: {
      command: [`--web.external-url=${externalUrl(context, name)}`],
      healthcheck: health,
      tmpfs: scratch(uid),
      volumes: [`${volume}:/prometheus`],
      mem_limit: '384m',
      memswap_limit: '384m',
    },
    files: [
      { path: `${name}/prometheus.yml`, template: 'prometheus/prometheus.yml.hbs', data },
      { path: `${name}/rules.yml`, template: 'prometheus/rules.yml.hbs', data },
    ],
    scrapes: scrapes.filter(({ service }) => service === name),
    volumes: [volume],
  };
}

function jobsOf(context: PlanContext, scrapes: readonly ScrapePlan[]): object[] {
  const jobs = [...new Set(scrapes.map(({ job }) => job))];
  return jobs.map((job) => ({
    job,
    path: scrapes.find((scrape) => scrape.job === job)?.path ?? '/metrics',
    targets: scrapes
      .filter((scrape) => scrape.job === job)
      .map(({ service, port }) => ({
        address: `${service}:${port}`,
        service,
        zone: context.attachments.get(service)?.[0]?.zone ?? '',
      })),
  }));
}

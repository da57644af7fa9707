import type { Lab } from '../../lab/schema.ts';
import { ruleGroups } from '../alerts/all.ts';
import { isAlert, runbookOf, type RuleGroup } from '../alerts/rule.ts';
import { siteProbes, targetOf } from '../alerts/site-probes.ts';
import type { PlanContext, ServiceParts } from '../context.ts';
import type { ScrapePlan } from '../types.ts';
import { externalUrl, health, imageOf, scratch, serviceOf } from '../context.ts';

const uid = 10040;

/** Prometheus: asks every monitoring client, and the prober about the site from outside. */
export function planPrometheus(context: PlanContext, name: string, scrapes: readonly ScrapePlan[]): ServiceParts {
  const { lab, settings } = context;
  const prober = serviceOf(lab, 'prober');
  const alertmanager = serviceOf(lab, 'alertmanager');
  const groups = ruleGroups({ lab, scrapes });
  const interval = `${lab.monitoring.scrapeIntervalSeconds}s`;
  const data = {
    scrapeInterval: interval,
    evaluationInterval: interval,
    jobs: jobsOf(context, scrapes),
    siteJobs: prober === undefined ? [] : siteJobs(lab, `${prober}:9115`),
    ruleFiles: groups.map(ruleFile),
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
      ...groups.map((group) => ({
        path: `${name}/${ruleFile(group)}`,
        template: 'prometheus/rules.yml.hbs',
        data: emitted(group),
      })),
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

function ruleFile({ name }: RuleGroup): string {
  return `rules/${name}.yml`;
}

/** A group as its template takes it. `record` is named everywhere, since templates refuse what is not there. */
function emitted({ name, everySeconds, rules }: RuleGroup): object {
  return {
    name,
    everySeconds: everySeconds ?? null,
    rules: rules.map((rule) =>
      isAlert(rule)
        ? { ...rule, record: null, labels: { severity: rule.severity, ...rule.labels }, runbook: runbookOf(rule.alert) }
        : rule,
    ),
  };
}

/** The outside probe's targets, by how often they are asked; all of them are of the job `site`. */
function siteJobs(lab: Lab, prober: string): object[] {
  const intervals = [...new Set(siteProbes.map(({ everySeconds }) => everySeconds))];
  return intervals.map((seconds) => ({
    job: seconds === undefined ? 'site' : `site-every-${seconds}s`,
    interval: seconds === undefined ? null : `${Math.max(seconds, lab.monitoring.scrapeIntervalSeconds)}s`,
    prober,
    targets: siteProbes
      .filter(({ everySeconds }) => everySeconds === seconds)
      .map((probe) => ({ name: probe.name, url: targetOf(probe, lab.site.domain), module: probe.module })),
  }));
}

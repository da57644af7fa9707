import type { Lab } from '../../lab/schema.ts';
import { ofAnyStack, stacksOf } from '../stacks.ts';
import type { AlertRule, RuleInput } from './rule.ts';
import { has } from './rule.ts';

/** Every server: its memory, disk, clock and files. The web servers: what is in front, and the application. */
export function servers(input: RuleInput): AlertRule[] {
  return [...(has(input, 'web') ? web(input.lab) : []), ...(has(input, 'prober') ? [slowSite] : []), ...everywhere];
}

/** ServerDown of a firewall in between inhibits it, and ends at the next evaluation of another group. */
const keepFiringSeconds = 6;

/** Health checks are many and quick: they would hide what visitors see. */
const visits = 'route!="/healthz"';

const web = (lab: Lab): AlertRule[] => [
  ...stacksOf(lab).map(({ front, up }): AlertRule => ({
    alert: `${front}Down`,
    expr: `${up} == 0`,
    forSeconds: 4,
    severity: 'critical',
    summary: `${front} does not answer on {{ $labels.instance }}`,
    description: up.startsWith('up{')
      ? `${front} does not give its own figures.`
      : `Its monitoring client runs, and cannot read ${front}’${/[xs]$/.test(front) ? '' : 's'} own figures.`,
  })),
  {
    alert: 'ApplicationDown',
    expr: 'up{job="application"} == 0',
    forSeconds: 4,
    keepFiringSeconds,
    severity: 'critical',
    summary: 'The application does not answer on {{ $labels.instance }}',
    description: 'The process has ended or hangs: its own figures have not come for 4 seconds.',
  },
  {
    alert: 'ApplicationDown',
    expr: `max by (instance, zone) (${ofAnyStack(lab, ({ up }) => up)} == 1) and on (instance) label_replace(haproxy_server_status{proxy="servers",state="DOWN"} == 1, "instance", "$1", "server", "(.+)")`,
    forSeconds: 4,
    keepFiringSeconds,
    severity: 'critical',
    summary: 'The application does not answer through the web server on {{ $labels.instance }}',
    description: 'The web server runs, and the balancer gets no 200 from /healthz, which the application answers.',
  },
  {
    alert: 'ApplicationErrors',
    expr: `sum by (instance, zone) (rate(http_requests_total{${visits},status=~"5.."}[10s])) / sum by (instance, zone) (rate(http_requests_total{${visits}}[10s])) > 0.05`,
    forSeconds: 2,
    severity: 'warning',
    summary: '{{ $value | humanizePercentage }} of the requests to {{ $labels.instance }} fail',
    description: 'The application has answered more than 5 % of the requests of the last 10 seconds with 5xx.',
  },
  {
    alert: 'ApplicationSlow',
    // Of few visitors one that waits is a large share: at least three must.
    expr: `histogram_quantile(0.95, sum by (instance, zone, le) (rate(http_request_duration_seconds_bucket{${visits}}[20s]))) > 0.3 and sum by (instance, zone) (increase(http_request_duration_seconds_count{${visits}}[20s])) - sum by (instance, zone) (increase(http_request_duration_seconds_bucket{le="0.25",${visits}}[20s])) > 2`,
    forSeconds: 4,
    severity: 'warning',
    summary: '{{ $labels.instance }} is slow: {{ $value | humanizeDuration }}',
    description: 'The slowest twentieth of the requests of the last 20 seconds took longer than 0.3 s.',
  },
];

/** Delay on the way is none of the application's, and felt all the same. */
const slowSite: AlertRule = {
  alert: 'ApplicationSlow',
  expr: 'avg_over_time(probe_duration_seconds{instance="site",job="site"}[8s]) > 0.3 and min_over_time(probe_success{instance="site",job="site"}[8s]) == 1',
  forSeconds: 4,
  severity: 'warning',
  summary: 'Visitors wait {{ $value | humanizeDuration }} for {{ $labels.target }}',
  description: 'The outside probe gets the page, and takes longer than 0.3 s on average over 8 seconds.',
};

const everywhere: AlertRule[] = [
  {
    alert: 'MemoryNearLimit',
    expr: 'container_memory_working_set_bytes / container_memory_limit_bytes > 0.9',
    forSeconds: 6,
    severity: 'warning',
    summary: '{{ $labels.instance }} uses {{ $value | humanizePercentage }} of its memory',
    description: 'At the limit the kernel kills the process that asks for more.',
  },
  {
    alert: 'DiskNearlyFull',
    expr: '1 - node_filesystem_avail_bytes{fstype="tmpfs"} / node_filesystem_size_bytes{fstype="tmpfs"} > 0.9',
    forSeconds: 4,
    severity: 'warning',
    summary: '{{ $labels.mountpoint }} of {{ $labels.instance }} is {{ $value | humanizePercentage }} full',
    description: 'What cannot be written any more fails: temporary files, process ids, figures for the monitoring.',
  },
  {
    alert: 'ClockSkew',
    expr: 'abs({__name__=~"app_clock_seconds|node_time_seconds"} - timestamp({__name__=~"app_clock_seconds|node_time_seconds"})) > 2',
    forSeconds: 6,
    severity: 'warning',
    summary: 'The clock of {{ $labels.instance }} is off by {{ $value | humanizeDuration }}',
    description: 'Seen from Prometheus. Certificates, time-outs and logs go by the clock.',
  },
  {
    alert: 'FileIntegrity',
    expr: 'file_integrity_files > 0',
    forSeconds: 0,
    severity: 'critical',
    summary: '{{ $value }} files {{ $labels.state }} on {{ $labels.instance }}',
    description:
      'Configuration, certificates or the application’s files are not as they were. AIDE’s report is in the log of {{ $labels.instance }}.',
  },
  {
    alert: 'FileIntegrity',
    expr: 'file_integrity_up == 0',
    forSeconds: 20,
    severity: 'critical',
    summary: 'The files of {{ $labels.instance }} cannot be checked',
    description: 'AIDE fails there; its words are in the log of {{ $labels.instance }}.',
  },
];

import type { AlertRule, RuleInput } from './rule.ts';
import { has } from './rule.ts';
import { siteProbes } from './site-probes.ts';

/** Whether everything can be asked, and whether the site answers its visitors. */
export function reachability(input: RuleInput): AlertRule[] {
  const probes = has(input, 'prober') ? siteProbes.length : 0;
  const targets = input.scrapes.length + probes;
  const prometheus = input.scrapes.find(({ job }) => job === 'prometheus')?.service ?? 'prometheus';
  const rules: AlertRule[] = [
    {
      alert: 'ServerDown',
      expr: 'max by (instance, zone) (up{job!="site"}) == 0',
      forSeconds: 4,
      severity: 'critical',
      summary: '{{ $labels.instance }} does not answer at all',
      description:
        'None of the monitoring clients of {{ $labels.instance }} has answered for 4 seconds: it is down, or cut off.',
    },
    {
      alert: 'TargetDown',
      // Of a server that answers otherwise, and has for a while: when all come back, one is always the last.
      expr: 'up{job!="site"} == 0 and on (instance) max by (instance) (min_over_time(up{job!="site"}[6s])) == 1',
      forSeconds: 6,
      severity: 'warning',
      summary: '{{ $labels.instance }} does not answer for {{ $labels.job }}',
      description: 'Prometheus could not read the {{ $labels.job }} metrics of {{ $labels.instance }} for 6 seconds.',
    },
    {
      alert: 'TargetDown',
      // Those that are written at every turn, and not when something happens.
      expr: 'time() - node_textfile_mtime_seconds{file=~"/run/textfile/(database|firewall|integrity|memory).prom"} > 45',
      forSeconds: 0,
      severity: 'warning',
      summary: 'Figures of {{ $labels.instance }} stand still',
      description:
        '{{ $labels.file }} on {{ $labels.instance }} has not been written for {{ $value | humanizeDuration }}.',
    },
    {
      alert: 'TargetMissing',
      expr: `(count(up) or vector(0)) < ${targets}`,
      // After a start it takes until the slowest of them has been asked.
      forSeconds: 4 + Math.max(...siteProbes.map(({ everySeconds = 0 }) => everySeconds)),
      severity: 'warning',
      labels: { instance: prometheus },
      summary: 'Prometheus asks too few targets',
      description: `Prometheus asks {{ $value }} targets; the lab has ${targets}.`,
    },
  ];
  if (probes === 0) return rules;
  return [
    ...rules,
    {
      alert: 'SiteDown',
      expr: 'max(probe_success{instance=~"site|unverified",job="site"}) == 0',
      forSeconds: 2,
      severity: 'critical',
      labels: { instance: 'site' },
      summary: `https://${input.lab.site.domain}/ does not answer its visitors`,
      description: 'The outside probe gets no page, whether it verifies the certificate or not.',
    },
  ];
}

import type { AlertRule, RuleInput } from './rule.ts';
import { has } from './rule.ts';

/** Security at the site's door, and monitoring's watch over itself. */
export function monitoring(input: RuleInput): AlertRule[] {
  return [
    ...(has(input, 'balancer') ? [clientErrors] : []),
    ...(has(input, 'alertmanager') ? [watchdog, delivery] : []),
  ];
}

const clientErrors: AlertRule = {
  alert: 'ClientErrorBurst',
  expr: 'sum by (instance, zone) (rate(haproxy_frontend_http_responses_total{code="4xx"}[10s])) > 3',
  forSeconds: 2,
  severity: 'warning',
  summary: '{{ $value | humanize }} wrong requests a second at {{ $labels.instance }}',
  description: 'Somebody tries addresses and methods that are not there (4xx), or a page leads to them.',
};

const watchdog: AlertRule = {
  alert: 'Watchdog',
  expr: 'vector(1)',
  forSeconds: 0,
  severity: 'info',
  summary: 'Monitoring is alive',
  description: 'Always firing. When it stops coming, the inbox itself says so (MonitoringSilent).',
};

const delivery: AlertRule = {
  alert: 'AlertDeliveryFailing',
  expr: 'sum by (instance, zone) (increase(alertmanager_notifications_failed_total[30s])) > 0',
  forSeconds: 0,
  severity: 'critical',
  summary: '{{ $labels.instance }} cannot deliver its mails',
  description: '{{ $value | humanize }} deliveries failed within 30 seconds.',
};

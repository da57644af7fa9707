import type { AlertRule, RecordingRule, RuleInput } from './rule.ts';
import { has } from './rule.ts';

/**
 * The service-level objective: 99 % of the visitors' requests are answered without 5xx, 95 % within 0.25 s.
 *
 * Multi-window, multi-burn-rate alerts after Google's SRE Workbook, chapter 5, table 5-8. Its windows are for a month's budget;
 * here an hour stands for a minute, so that a lesson is long enough: 1 h and 5 min become 1 min and 10 s (five samples),
 * 6 h and 30 min become 6 min and 30 s, 3 d and 6 h become 72 min and 6 min. The factors are the book's.
 */
export const burns = [
  { long: '1m', short: '10s', factor: 14.4, severity: 'critical' },
  { long: '6m', short: '30s', factor: 6, severity: 'critical' },
  { long: '1h12m', short: '6m', factor: 1, severity: 'warning' },
] as const;

export const availabilityObjective = 0.99;
export const latencyObjective = 0.95;
/** One of the application's histogram buckets, in seconds. */
export const latencySeconds = 0.25;

const [page, ...longer] = burns;

/** The share of bad requests over each window, recorded, and alerts when the budget for them burns too fast. */
export function serviceLevel(input: RuleInput): (AlertRule | RecordingRule)[] {
  return served(input) ? [...recorded(page.short, page.long, longer[0].short), ...alerts(page)] : [];
}

/** The same over the longer windows. */
export function serviceLevelLong(input: RuleInput): (AlertRule | RecordingRule)[] {
  return served(input) ? [...recorded(...longer.map(({ long }) => long)), ...longer.flatMap(alerts)] : [];
}

const served = (input: RuleInput): boolean => has(input, 'balancer') && has(input, 'web');

function recorded(...windows: string[]): RecordingRule[] {
  return windows.flatMap((window) => [
    { record: `slo:availability_errors:ratio_rate${window}`, expr: unavailable(window) },
    { record: `slo:latency_errors:ratio_rate${window}`, expr: slow(window) },
  ]);
}

function alerts(burn: (typeof burns)[number]): AlertRule[] {
  return [
    alert('SloAvailabilityBurn', 'availability', availabilityObjective, burn),
    alert('SloLatencyBurn', 'latency', latencyObjective, burn),
  ];
}

function unavailable(window: string): string {
  const responses = 'haproxy_frontend_http_responses_total';
  return `sum(rate(${responses}{code="5xx",proxy="https"}[${window}])) / sum(rate(${responses}{proxy="https"}[${window}]))`;
}

function slow(window: string): string {
  const requests = 'http_request_duration_seconds';
  const visits = 'route!="/healthz"';
  return `1 - sum(rate(${requests}_bucket{le="${latencySeconds}",${visits}}[${window}])) / sum(rate(${requests}_count{${visits}}[${window}]))`;
}

/** So many bad requests at least: of few visitors, as in a lab at rest, one that waits is a large share, and nothing has burnt. */
const fewest = 10;

function bad(kind: 'availability' | 'latency', window: string): string {
  const visits = 'route!="/healthz"';
  return kind === 'availability'
    ? `sum(increase(haproxy_frontend_http_responses_total{code="5xx",proxy="https"}[${window}]))`
    : `sum(increase(http_request_duration_seconds_count{${visits}}[${window}])) - sum(increase(http_request_duration_seconds_bucket{le="${latencySeconds}",${visits}}[${window}]))`;
}

function alert(
  name: string,
  kind: 'availability' | 'latency',
  objective: number,
  burn: (typeof burns)[number],
): AlertRule {
  const budget = Math.round(burn.factor * (1 - objective) * 1e6) / 1e6;
  const series = (window: string): string => `slo:${kind}_errors:ratio_rate${window}`;
  return {
    alert: name,
    expr: `${series(burn.long)} > ${budget} and ${series(burn.short)} > ${budget} and ${bad(kind, burn.long)} > ${fewest}`,
    forSeconds: 0,
    severity: burn.severity,
    labels: { instance: 'site', window: burn.long },
    summary: `The error budget for ${kind} burns at ${burn.factor} times the pace that it would last for`,
    description: `{{ $value | humanizePercentage }} of the requests of the last ${burn.long} were ${kind === 'latency' ? `slower than ${latencySeconds} s` : 'answered with an error'}.`,
  };
}

import type { TrafficSummary } from '../traffic/tally.ts';
import type { Colours } from './colours.ts';

/** One line of progress. */
export function trafficLine({ requests, ok, errors, p95 }: TrafficSummary): string {
  return `${requests} requests, ${ok} ok, ${errors} ${errors === 1 ? 'error' : 'errors'}, p95 ${p95.toFixed(0)} ms`;
}

/** What visitors saw from the beginning to the end. */
export function trafficText(summary: TrafficSummary, colours: Colours): string {
  const { requests, errors, errorsByStatus, p50, p95, p99, seconds } = summary;
  const kinds = Object.entries(errorsByStatus).map(
    ([status, count]) => `${count} × ${status === 'none' ? 'no answer' : status}`,
  );
  const rate = seconds > 0 ? (requests / seconds).toFixed(1) : '0';
  return [
    `${requests} requests in ${seconds} s (${rate} a second)`,
    errors === 0 ? colours.green('no errors') : colours.red(`${errors} errors: ${kinds.join(', ')}`),
    `p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms`,
    '',
  ].join('\n');
}

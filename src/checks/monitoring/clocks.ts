import { verdict, type CheckContext, type Observation } from '../check.ts';
import { few } from '../words.ts';
import { freshTargets } from './targets.ts';

/** A scrape's own length is within it; certificates, logs and time-outs bear as much. */
export const longestSkewSeconds = 2;

/** Whether the clocks that hosts and applications tell agree with Prometheus', and its with this machine's. */
export async function clocksAgree(context: CheckContext): Promise<Observation> {
  await freshTargets(context);
  const asked = Date.now() / 1000;
  // `timestamp` is when Prometheus took the sample, by its own clock.
  const skews = await context.prometheus(
    `label_replace(app_clock_seconds, "clock", "application", "", "") - timestamp(label_replace(app_clock_seconds, "clock", "application", "", "")) or node_time_seconds - timestamp(node_time_seconds)`,
  );
  const [now] = await context.prometheus('vector(time())');
  const own = (now?.value ?? Infinity) - asked;
  const wrong = skews
    .filter(({ value }) => Math.abs(value) > longestSkewSeconds)
    .map(({ labels, value }) => `${labels['clock'] ?? 'host'} of ${labels['instance'] ?? ''}: ${value.toFixed(1)} s`);
  if (Math.abs(own) > longestSkewSeconds) wrong.push(`Prometheus and this machine: ${own.toFixed(1)} s`);
  return verdict(
    wrong.length === 0 && skews.length > 0,
    wrong.length === 0 ? `${skews.length} clocks within ${longestSkewSeconds} s` : few(wrong),
  );
}

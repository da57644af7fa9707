import * as z from 'zod';
import { jsonOf } from '../../../checks/site.ts';
import { failure } from '../../../errors.ts';
import { instantQuery, type Sample } from '../../../probe/prometheus.ts';
import type { Vantage } from '../../../probe/vantage.ts';
import type { MeasureContext } from '../measure.ts';
import { settled } from '../settled.ts';

/** A target as Prometheus itself tells of it: no configuration can make it say that it asked somewhere else. */
const target = z.object({
  labels: z.record(z.string(), z.string()),
  scrapePool: z.string(),
  scrapeUrl: z.string(),
  health: z.string(),
  lastError: z.string(),
  /** RFC 3339. */
  lastScrape: z.string(),
  /** In Prometheus’ own way, for example `2s`. */
  scrapeInterval: z.string(),
});
export type Target = z.output<typeof target>;

const targets = z.object({ activeTargets: z.array(target) });

/** A neighbour of Prometheus in its own zone: no firewall stands between, and nothing is published. */
function doorTo({ lab, own }: MeasureContext): { vantage: Vantage; address: string; port: number } {
  const { zone, address } = lab.service(own?.roles.prometheus ?? 'prometheus');
  return { vantage: lab.vantages.from({ zone }), address, port: 9090 };
}

/** Until its database is open, Prometheus answers 503 at a port that is open already. */
const openingSeconds = 5;

/** What the submission’s Prometheus answers to `/api/v1/<path>`. @throws when it does not, as the wire does */
export async function askApi<T>(context: MeasureContext, path: string): Promise<T> {
  const { vantage, address, port } = doorTo(context);
  const { answer } = await settled(context, openingSeconds, async () => {
    const got = await vantage.http({ address, port, path: `/api/v1/${path}`, maxBytes: 4 << 20, timeoutMs: 5000 });
    return { good: got.status !== 503, answer: got };
  });
  const read = jsonOf(answer) as { status: string; data: T };
  if (read.status !== 'success') throw new Error(`Prometheus answered ${answer.status} to ${path}`);
  return read.data;
}

/** An expression, evaluated now by the submission’s Prometheus. */
export function askQuery(context: MeasureContext, expression: string): Promise<Sample[]> {
  const { vantage, address, port } = doorTo(context);
  return instantQuery(vantage, { address, port }, expression);
}

/** @throws UserError `TARGETS` when what answers in Prometheus’ place is not Prometheus; as `askApi` */
export async function activeTargets(context: MeasureContext): Promise<Target[]> {
  const { success, data } = targets.safeParse(await askApi<unknown>(context, 'targets?state=active'));
  if (success) return data.activeTargets;
  throw failure('TARGETS', { message: 'what answers at port 9090 names no targets as Prometheus does' });
}

/** Where a target is really asked, whatever it is called; undefined when that is no URL. */
export function placeAsked({ scrapeUrl }: Target): { host: string; port: number; path: string } | undefined {
  if (!URL.canParse(scrapeUrl)) return undefined;
  const { hostname, port, protocol, pathname } = new URL(scrapeUrl);
  return { host: hostname, port: Number(port) || (protocol === 'https:' ? 443 : 80), path: pathname };
}

/** Labels as a selector of PromQL. */
export function selectorOf(labels: Readonly<Record<string, string>>): string {
  return `{${Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

/** `2s`, `1m30s` or `500ms` in seconds (Prometheus: Configuration, `<duration>`). */
export function secondsOf(duration: string): number {
  const units: Record<string, number> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 };
  return [...duration.matchAll(/(\d+)(ms|s|m|h|d)/g)].reduce(
    (sum, [, amount, unit = '']) => sum + Number(amount) * (units[unit] ?? 0),
    0,
  );
}

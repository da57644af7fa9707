import type { HttpOutcome } from '../../../probe/operations/http.ts';
import type { Vantage } from '../../../probe/vantage.ts';
import type { MeasureContext } from '../measure.ts';

export type Scheme = 'http' | 'https';

/** Where visitors stand, and the door they knock at. */
export function visitor({ lab, plan }: MeasureContext): { from: Vantage; address: string; domain: string } {
  return {
    from: lab.vantages.from({ zone: 'edge' }),
    address: lab.service('balancer').address,
    domain: plan.lab.site.domain,
  };
}

/** Opens pages that nobody can know beforehand, each over a connection of its own, and gives the outcomes by path. */
export async function visits(
  context: MeasureContext,
  scheme: Scheme,
  count: number,
  purpose: string,
  {
    headers,
    host,
    timeoutMs = 4000,
  }: { headers?: Readonly<Record<string, string>>; host?: string; timeoutMs?: number } = {},
): Promise<{ path: string; outcome: HttpOutcome }[]> {
  const { from, address, domain } = visitor(context);
  const paths = Array.from({ length: count }, (_, index) => `/${context.fresh(`${purpose}/${index}`)}?page=${index}`);
  const outcomes = await from.httpMany({
    requests: paths.map((path) => ({
      address,
      host: host ?? domain,
      path,
      timeoutMs,
      ...(headers === undefined ? {} : { headers }),
      // Whom the certificate leads to is another check's matter.
      ...(scheme === 'https' ? { tls: { verify: false } } : {}),
    })),
    connection: 'fresh',
  });
  return paths.map((path, index) => ({ path, outcome: outcomes[index] as HttpOutcome }));
}

/** What became of a visit, in few words. */
export function outcomeWords(outcome: HttpOutcome): string {
  if (!outcome.ok) return outcome.error.message;
  const location = outcome.headers['location'];
  return location === undefined ? String(outcome.status) : `${outcome.status} to ${location}`;
}

/** The outcomes that differ, each with how often it came: `12 × 200, 4 × 503`. */
export function tallied(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} × ${word}`).join(', ');
}

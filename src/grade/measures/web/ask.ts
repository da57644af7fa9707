import type { HttpOutcome, HttpRequest } from '../../../probe/operations/http.ts';
import type { From } from '../../../probe/vantages.ts';
import type { MeasureContext } from '../measure.ts';

/** A neighbour in the server's own zone, with no firewall between. */
export const neighbour: From = { zone: 'web' };

export type Ask = Pick<HttpRequest, 'path' | 'method' | 'headers' | 'body'>;

/** Requests straight to the server that runs with the submission's file, past the balancer. */
export async function ask(
  context: MeasureContext,
  asks: readonly Ask[],
  from: From = neighbour,
): Promise<HttpOutcome[]> {
  const { lab, plan, exercise } = context;
  const { address } = lab.service(exercise.stage.theirs[0]?.service ?? '');
  const common = { address, host: plan.lab.site.domain, timeoutMs: 4000, maxBytes: 262_144 };
  return lab.vantages.from(from).httpMany({ requests: asks.map((one) => ({ ...common, ...one })) });
}

/** Whether the application itself made an answer: its errors are JSON of one shape. */
export function isOfApplication(outcome: HttpOutcome): boolean {
  return outcome.ok && /^\{"error":\{"code":"(not_found|method_not_allowed)"/.test(outcome.body);
}

/** A member of an answer in JSON, as text; undefined when there is none. */
export function member({ body }: { body: string }, name: string): string | undefined {
  try {
    const value: unknown = Reflect.get(Object(JSON.parse(body)) as object, name);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

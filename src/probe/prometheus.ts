import type { Vantage } from './vantage.ts';

/** One series of an instant query, with its value now. */
export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
  /** Unix time in seconds. */
  at: number;
}

export interface PrometheusAddress {
  address: string;
  port: number;
}

interface QueryAnswer {
  status: string;
  error?: string;
  data?: { resultType: string; result: unknown };
}

/**
 * Evaluates an expression now (`/api/v1/query`, Prometheus HTTP API). A scalar comes as one sample without labels.
 * @throws when Prometheus does not answer, or refuses the expression
 */
export async function instantQuery(vantage: Vantage, at: PrometheusAddress, expression: string): Promise<Sample[]> {
  const answer = await vantage.http({
    ...at,
    method: 'POST',
    path: '/api/v1/query',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ query: expression }).toString(),
    maxBytes: 1024 * 1024,
  });
  const found = readAnswer(answer.body);
  if (found?.status !== 'success' || found.data === undefined) {
    throw new Error(
      `Prometheus answered ${answer.status} to ${expression}: ${found?.error ?? answer.body.slice(0, 200)}`,
    );
  }
  return samples(found.data);
}

function readAnswer(body: string): QueryAnswer | undefined {
  try {
    return JSON.parse(body) as QueryAnswer;
  } catch {
    return undefined;
  }
}

type Point = [at: number, value: string];

function samples(data: { resultType: string; result: unknown }): Sample[] {
  if (data.resultType === 'scalar') return [sample({}, data.result as Point)];
  if (data.resultType !== 'vector') throw new Error(`an instant query gave a ${data.resultType}`);
  const series = data.result as { metric: Record<string, string>; value: Point }[];
  return series.map(({ metric, value }) => sample(metric, value));
}

function sample(labels: Record<string, string>, [at, text]: Point): Sample {
  const infinite = { '+Inf': Infinity, '-Inf': -Infinity }[text];
  return { labels, value: infinite ?? Number(text), at };
}

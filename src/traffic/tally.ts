/** What visitors saw. Times in milliseconds, of requests that were answered. */
export interface TrafficSummary {
  requests: number;
  ok: number;
  errors: number;
  /** Errors by status; `none` counts requests that got no answer. */
  errorsByStatus: Record<string, number>;
  p50: number;
  p95: number;
  p99: number;
  seconds: number;
}

export interface Answered {
  ms: number;
  status: number;
}

/** Reads hey's CSV: one line for each answer, with its whole time in seconds first and the status in the seventh column. */
export function parseHey(text: string): Answered[] {
  return text
    .split('\n')
    .map((line) => line.split(','))
    .filter(([first = '']) => /^\d/.test(first))
    .map((fields) => ({ ms: Number(fields[0]) * 1000, status: Number(fields[6]) }));
}

/** Counts answers, and requests that got none. */
export class Tally {
  #requests = 0;
  readonly #times: number[] = [];
  readonly #errors = new Map<string, number>();

  add(answers: readonly Answered[], requests: number): void {
    this.#requests += requests;
    for (const { ms, status } of answers) {
      this.#times.push(ms);
      if (status >= 400) this.#count(String(status), 1);
    }
    this.#count('none', Math.max(0, requests - answers.length));
  }

  #count(status: string, more: number): void {
    if (more > 0) this.#errors.set(status, (this.#errors.get(status) ?? 0) + more);
  }

  summary(seconds: number): TrafficSummary {
    const sorted = [...this.#times].sort((one, other) => one - other);
    const errors = [...this.#errors.values()].reduce((sum, one) => sum + one, 0);
    return {
      requests: this.#requests,
      ok: this.#requests - errors,
      errors,
      errorsByStatus: Object.fromEntries([...this.#errors].sort(([one], [other]) => one.localeCompare(other))),
      p50: quantile(sorted, 0.5),
      p95: quantile(sorted, 0.95),
      p99: quantile(sorted, 0.99),
      seconds: Math.round(seconds * 10) / 10,
    };
  }
}

/** The nearest rank; 0 of nothing. */
function quantile(sorted: readonly number[], share: number): number {
  const value = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
  return Math.round(value * 10) / 10;
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { LabUnderTest } from './types.ts';

/** Waits until an expression gives at least one series: until Prometheus has seen what was done. */
export async function seenByPrometheus(lab: LabUnderTest, expression: string, deadlineMs = 15_000): Promise<void> {
  const endpoint = lab.plan.endpoints.find(
    ({ service, port }) =>
      port === 9090 && lab.plan.services.some(({ name, kind }) => name === service && kind === 'prometheus'),
  );
  const url = `http://127.0.0.1:${endpoint?.hostPort ?? 9090}/api/v1/query?query=${encodeURIComponent(expression)}`;
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline) {
    const answer = (await (await fetch(url)).json()) as { data: { result: unknown[] } };
    if (answer.data.result.length > 0) return;
    await sleep(50);
  }
  throw new Error(`Prometheus did not see ${expression} within ${deadlineMs} ms`);
}

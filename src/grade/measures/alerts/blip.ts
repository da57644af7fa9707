import { setTimeout as pause } from 'node:timers/promises';
import { processState } from '../../../faults/changes/process.ts';
import type { MeasureContext } from '../measure.ts';
import { askQuery } from '../prometheus/ask.ts';
import { tooSlow } from './facts.ts';

/** Whose client is away for a moment. No fault of an exercise hits its client. */
const service = 'balancer';
const series = `up{instance="${service}",job="node"}`;
const deadlineMs = 8000;

/**
 * One client does not answer once: it is stopped until Prometheus has missed it, and started again. @returns its service
 * @throws UserError `STAGE_SLOW` of the machine when it was not missed, or for longer
 */
export async function blip(context: MeasureContext): Promise<string> {
  const client = processState(service, 'node-exporter', 'stopped');
  const { running, signal } = context;
  await client.apply(running, '');
  try {
    const deadline = performance.now() + deadlineMs;
    for (;;) {
      const [up] = await askQuery(context, series);
      if (up?.value === 0 || performance.now() > deadline) break;
      await pause(100, undefined, { signal });
    }
  } finally {
    await running.run(service, ['s6-svc', '-u', '/run/service/node-exporter']);
  }
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const [up] = await askQuery(context, series);
    if (up?.value === 1) break;
    if (performance.now() > deadline) break;
    await pause(200, undefined, { signal });
  }
  const [missed] = await askQuery(context, `count_over_time(${series}[20s]) - sum_over_time(${series}[20s])`);
  const answers = missed?.value ?? 0;
  if (answers < 1 || answers > 2)
    throw tooSlow('a client of the stage was to be away for a moment', `${answers} of its answers were missed`);
  return service;
}

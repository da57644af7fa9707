import * as z from 'zod';
import { defineMeasure } from './measure.ts';

/** Whether a service takes its configuration: the service's own checker says so. */
export const accepted = defineMeasure({
  options: z.strictObject({ service: z.string() }),
  run: ({ starts }, { service }) => {
    const start = starts.get(service);
    if (start?.accepted === undefined)
      return Promise.resolve({
        good: false,
        observed: `${service}: ${start?.words ?? 'was not started'}`,
        evidence: start?.log ?? [],
      });
    const { good, output } = start.accepted;
    const lines = output === '' ? [] : output.split('\n');
    return Promise.resolve({ good, observed: good ? `${service} takes it` : firstError(lines), evidence: lines });
  },
});

/** Whether a service is up and ready with the submission's files. */
export const starts = defineMeasure({
  options: z.strictObject({ service: z.string() }),
  run: ({ starts: all }, { service }) => {
    const start = all.get(service);
    const words = start === undefined ? 'was not started' : start.words;
    return Promise.resolve({
      good: start?.ready === true,
      observed: `${service}: ${words}`,
      evidence: start?.log ?? [],
    });
  },
});

/** The line that says why, of a program that says much. */
function firstError(lines: readonly string[]): string {
  return lines.find((line) => /alert|error|fatal|unknown/i.test(line)) ?? lines[0] ?? 'refused without a word';
}

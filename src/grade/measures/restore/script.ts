import * as z from 'zod';
import { once } from '../../../checks/once.ts';
import { machineError } from '../../../errors.ts';
import { breakLab, faultNamed } from '../../../faults/break.ts';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { inTheirs } from '../in-theirs.ts';
import { leaveUpload } from './uploads.ts';

const options = z.strictObject({ service: z.string(), file: z.string(), seconds: z.number().default(20) });

/** What became of the script. */
interface Ran {
  exitCode: number;
  lines: string[];
}

const longestOutput = 16_384;
/** What `timeout` (coreutils) ends with when the time was over, and with KILL. */
const outOfTime = [124, 137];

/** The exercise's faults are put in, and the submission's script is run in the broken service's container. */
export const scriptRan = defineMeasure({
  options,
  alone: true,
  run: async (context, { service, file, seconds }) => {
    const text = context.submission.files.get(file);
    if (text === undefined) return { good: false, observed: `the submission has no file ${file}` };
    const { lines } = await run(context, service, text, seconds);
    return { good: true, observed: `${file} was run in ${service}`, evidence: lines };
  },
});

/** It comes to its end by itself, and says that all went well. */
export const scriptEnds = defineMeasure({
  options,
  alone: true,
  run: async (context, { service, file, seconds }) => {
    const { exitCode, lines } = await run(context, service, context.submission.files.get(file) ?? '', seconds);
    const words = exitCode === -1 ? 'was cut off' : `ended with status ${exitCode}`;
    return {
      good: exitCode === 0,
      observed: outOfTime.includes(exitCode) ? `${file} was still at work after ${seconds} s` : `${file} ${words}`,
      evidence: lines,
    };
  },
});

function run(context: MeasureContext, service: string, text: string, seconds: number): Promise<Ran> {
  return once(context.lab, 'restore/script', async () => {
    await breakAll(context, service);
    // Its output goes by way of `head`, so that neither an endless one nor a process that is left behind holds anybody up.
    const outer = `timeout -k 1 "$1" bash -c "$2" fix.sh </dev/null > >(head -c ${longestOutput}) 2>&1; code=$?; sleep 0.2; exit $code`;
    const argv = ['bash', '-c', outer, 'grader', String(seconds), text];
    const { exitCode, stdout, stderr } = await inTheirs(context, service, argv, { timeoutMs: (seconds + 5) * 1000 });
    const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line.trim() !== '');
    return { exitCode, lines };
  });
}

/** @throws UserError `STAGE_FAULT` of the machine: nobody has touched the service yet */
async function breakAll(context: MeasureContext, service: string): Promise<void> {
  try {
    await leaveUpload(context, service);
    for (const { fault } of context.exercise.drills)
      await breakLab(context.running, faultNamed(context.plan, fault), 'drill');
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    throw machineError('STAGE_FAULT', { message: 'the faults of the exercise could not be put in', found }, error);
  }
}

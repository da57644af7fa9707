import * as z from 'zod';
import { defineMeasure, type MeasureContext } from '../measure.ts';
import { inTheirs } from '../in-theirs.ts';

/** A file of a visitor, beside the one that is in the way. Its name is found by looking only. */
function upload({ fresh }: MeasureContext): { place: string; text: string } {
  return { place: `/tmp/upload-${fresh('upload/name').slice(0, 8)}`, text: fresh('upload/text') };
}

/** Leaves it before anything is broken. */
export async function leaveUpload(context: MeasureContext, service: string): Promise<void> {
  const { place, text } = upload(context);
  await context.running.run(service, ['sh', '-c', `echo ${text} > ${place}`]);
}

/** What visitors have uploaded is still there. */
export const uploadsKept = defineMeasure({
  options: z.strictObject({ service: z.string() }),
  run: async (context, { service }) => {
    const { place, text } = upload(context);
    const { stdout } = await inTheirs(context, service, ['cat', place]);
    const good = stdout.trim() === text;
    return { good, observed: good ? 'the upload is still there' : 'an upload is gone, or is not what it was' };
  },
});

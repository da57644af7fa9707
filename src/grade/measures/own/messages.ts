import * as z from 'zod';
import { field } from '../../../checks/site.ts';
import { outcomeWords } from '../balancer/visit.ts';
import { defineMeasure, type MeasureContext, type Seen } from '../measure.ts';
import { settled } from '../settled.ts';
import { lostServer, ownOf, visit } from './own.ts';

interface Written {
  words: string;
  id?: number;
  text: string;
}

/** A message that nobody could know is written through the site. */
async function write(context: MeasureContext, purpose: string): Promise<Written> {
  const text = `graded ${context.fresh(purpose)}`;
  const outcome = await visit(context, '/api/messages', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ body: text }),
  });
  const id = outcome.ok && outcome.status === 201 ? Number(field(parsed(outcome.body), 'id')) : NaN;
  return { words: outcomeWords(outcome), text, ...(Number.isInteger(id) ? { id } : {}) };
}

/** Tries again until it is taken: a server may just be coming back. */
async function writtenWithin(context: MeasureContext, purpose: string, seconds: number): Promise<Written> {
  let written = await write(context, purpose);
  await settled(context, seconds, async () => {
    if (written.id === undefined) written = await write(context, purpose);
    return { good: written.id !== undefined, observed: written.words };
  });
  return written;
}

async function readBack(context: MeasureContext, { id, text, words }: Written): Promise<Seen> {
  if (id === undefined) return { good: false, observed: `writing: ${words}` };
  const outcome = await visit(context, `/api/messages/${id}`);
  const good = outcome.ok && outcome.status === 200 && field(parsed(outcome.body), 'body') === text;
  return { good, observed: `writing: ${words}; reading: ${outcomeWords(outcome)}${good ? ', the same text' : ''}` };
}

/** What a visitor writes, a visitor reads. */
export const keepsMessages = defineMeasure({
  options: z.strictObject({ seconds: z.number().default(4) }),
  run: async (context, { seconds }) => {
    const written = await writtenWithin(context, 'message', seconds);
    return settled(context, seconds, () => readBack(context, written));
  },
});

/**
 * The replica has what was written: with the primary gone, a message that was written a moment before is still read, and nothing more is
 * taken. Nothing in a container is asked. The primary stays away; the server that other checks took away is back, since a balancer that does
 * not notice has lost its points there.
 */
export const replicates = defineMeasure({
  options: z.strictObject({ seconds: z.number().default(4), backSeconds: z.number().default(12) }),
  alone: true,
  run: async (context, { seconds, backSeconds }) => {
    const { 'db-primary': primary, 'db-replica': replica } = ownOf(context).roles;
    if (primary === undefined || replica === undefined)
      return { good: false, observed: 'lab-roles.yml names no db-primary or no db-replica' };
    // One that cannot come back is as good as gone.
    await context.lab.start(lostServer(context)).catch(() => undefined);
    const written = await writtenWithin(context, 'replicated', backSeconds);
    const before = await settled(context, seconds, () => readBack(context, written));
    if (!before.good) return before;
    await context.lab.kill(primary);
    const after = await settled(context, seconds, () => readBack(context, written));
    const refused = await write(context, 'without primary');
    return {
      good: after.good && refused.id === undefined,
      observed: `with ${primary} gone: reading what was just written: ${after.good ? 'there' : after.observed}; writing: ${refused.words}`,
    };
  },
});

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

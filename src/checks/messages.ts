import { randomUUID } from 'node:crypto';
import type { CheckContext } from './check.ts';
import { statementsAsRoot } from './database/as-root.ts';
import { rolesNow } from './database/roles.ts';
import type { Ask } from './site.ts';

/** A text that no other run writes. */
export const freshText = (): string => `lab verify ${randomUUID()}`;

/** The request that writes a message. */
export function posting(text: string): Ask {
  return {
    method: 'POST',
    path: '/api/messages',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ body: text }),
  };
}

/** Takes back every message with this text, known by its id or not. */
export async function removeMessages(
  context: Pick<CheckContext, 'plan' | 'exec'>,
  text: string,
  ids: readonly number[] = [],
): Promise<void> {
  const { primary } = await rolesNow(context);
  // The table has no index on its texts: the lowest id keeps the statement from going through all of it.
  const from = ids.length === 0 ? 0 : Math.min(...ids);
  const { name } = context.plan.lab.database;
  await statementsAsRoot(context, primary.name, [
    `DELETE FROM ${name}.messages WHERE id >= ${from} AND body = '${text}'`,
  ]);
}

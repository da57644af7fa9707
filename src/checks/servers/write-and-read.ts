import { verdict, type CheckContext, type Observation } from '../check.ts';
import { storeMessages } from './stored-messages.ts';

/** What one server takes, its neighbour gives. */
export async function writeAndRead(context: CheckContext): Promise<Observation> {
  const { messages } = await storeMessages(context);
  const words = messages.map(({ writer, status, reader, readAfterMs }) =>
    status === 201
      ? `${writer} 201, ${readAfterMs === null ? `never seen at ${reader}` : `at ${reader} after ${readAfterMs} ms`}`
      : `${writer} ${status}`,
  );
  return verdict(messages.length > 0 && messages.every(({ readAfterMs }) => readAfterMs !== null), words.join('; '));
}

/** By what the databases counted meanwhile. */
export async function readsFromReplica(context: CheckContext): Promise<Observation> {
  const { messages, reads, primary, replica } = await storeMessages(context);
  // Monitoring and other visitors ask too, and the primary a little. What the replica applies counts as its INSERTs.
  const good =
    replica.select >= reads && replica.select - primary.select > reads / 2 && primary.insert >= messages.length;
  return verdict(
    good,
    `${reads} reads and ${messages.length} writes: primary ${primary.select} SELECT, ${primary.insert} INSERT; replica ${replica.select} SELECT, ${replica.insert} INSERT`,
  );
}

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';

/**
 * Tells of every container that starts on the engine from now on.
 * @returns what ends it
 */
export async function onContainerStart(
  docker: Docker,
  tell: (id: string, labels: Readonly<Record<string, string>>) => void,
): Promise<() => void> {
  const events = (await docker.getEvents({ filters: { type: ['container'], event: ['start'] } })) as Readable;
  createInterface({ input: events }).on('line', (line) => {
    const { Actor } = JSON.parse(line) as { Actor: { ID: string; Attributes: Record<string, string> } };
    tell(Actor.ID, Actor.Attributes);
  });
  return () => void events.destroy();
}

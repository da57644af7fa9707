import { setTimeout as pause } from 'node:timers/promises';
import type Docker from 'dockerode';
import { composeLabel, unlessStatus } from '../../engine/containers.ts';
import { most } from '../compose/limits.ts';

const lookEveryMs = 2000;

interface Volume {
  Name: string;
  Labels: Record<string, string> | null;
  UsageData?: { Size: number };
}

/**
 * Looks after the disk while a submission runs: no file system bounds what an engine's volumes hold. Containers that have written too
 * much are killed.
 * @param onFull called then
 * @returns a function that ends the watch
 */
export function guardDisk(docker: Docker, project: string, onFull: () => void): () => void {
  const over = new AbortController();
  const look = async (): Promise<void> => {
    // Measuring takes the engine time, and most stages have nothing to measure.
    const { Volumes: named } = await docker.listVolumes({ filters: { label: [`${composeLabel.project}=${project}`] } });
    if (named.length === 0) return;
    const volumes = (await allVolumes(docker)).filter(({ Labels }) => Labels?.[composeLabel.project] === project);
    const size = volumes.reduce((sum, { UsageData }) => sum + Math.max(0, UsageData?.Size ?? 0), 0);
    if (size <= most.volumeBytes || over.signal.aborted) return;
    onFull();
    over.abort();
    const users = await docker.listContainers({ filters: { volume: volumes.map(({ Name }) => Name) } });
    await Promise.all(users.map(({ Id }) => docker.getContainer(Id).kill().catch(unlessStatus(404, 409))));
  };
  const watch = async (): Promise<void> => {
    while (!over.signal.aborted) {
      await pause(lookEveryMs, undefined, { signal: over.signal });
      // An engine may have one look at a time; the next is soon.
      await look().catch(() => undefined);
    }
  };
  void watch().catch(() => undefined);
  return () => over.abort();
}

/** The engine measures volumes alone, and nothing else, when it is asked for these (API 1.42). */
function allVolumes({ modem }: Docker): Promise<Volume[]> {
  const request = {
    path: '/system/df?',
    method: 'GET',
    options: { type: 'volume' },
    statusCodes: { 200: true, 500: 'server error' },
  };
  return new Promise((resolve, reject) => {
    modem.dial(request, (error: unknown, usage: unknown) => {
      if (error) reject(error as Error);
      else resolve((usage as { Volumes: Volume[] | null }).Volumes ?? []);
    });
  });
}

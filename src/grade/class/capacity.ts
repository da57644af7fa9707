import { availableParallelism, freemem } from 'node:os';
import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import { projectContainers } from '../../engine/containers.ts';

/** What one grading took of the machine. */
export interface Cost {
  /** Bytes of memory of all containers of the stage. */
  memory: number;
  /** Share of one processor that the machine was busy with while it was graded. */
  processors: number;
}

/** Memory that is left to the machine, whatever is graded. */
const keptFree = 512 * 1024 * 1024;
/** Of all processors together, what gradings that mostly wait may fill: with more, what is timed comes late. */
const filled = 0.75;
const most = 16;

/** How many gradings this machine does at a time, from what one was seen to take: one for each processor, more of those that wait. */
export function jobsFor(
  { memory, processors }: Cost,
  free = availableMemory(),
  cores = availableParallelism(),
): number {
  const byMemory = Math.floor((free - keptFree) / Math.max(memory, 1)) + 1;
  const byProcessors = Math.max(cores, Math.floor((cores * filled) / Math.max(processors, 0.05)));
  return Math.max(1, Math.min(byMemory, byProcessors, most));
}

/** Memory that programs can still have: MemAvailable of proc(5), in bytes. */
function availableMemory(): number {
  const kib = /^MemAvailable:\s+(\d+) kB/m.exec(readOr('/proc/meminfo'))?.[1];
  return kib === undefined ? freemem() : Number(kib) * 1024;
}

/** Jiffies of all processors, busy and in all (the first line of /proc/stat). */
export function processorTimes(): { busy: number; all: number } {
  const numbers = (readOr('/proc/stat').split('\n', 1)[0] ?? '').split(/\s+/).slice(1, 9).map(Number);
  const all = numbers.reduce((sum, one) => sum + one, 0);
  const idle = (numbers[3] ?? 0) + (numbers[4] ?? 0);
  return { busy: all - idle, all };
}

/** Memory that the containers of a project use now, in bytes, caches aside. */
export async function memoryOf(docker: Docker, project: string): Promise<number> {
  const containers = await projectContainers(docker, project);
  const used = await Promise.all(
    containers.map(async ({ Id }) => {
      const stats = await docker
        .getContainer(Id)
        .stats({ stream: false, 'one-shot': true })
        .catch(() => undefined);
      const { usage = 0, stats: parts = {} } = (stats?.memory_stats ?? {}) as {
        usage?: number;
        stats?: Record<string, number>;
      };
      return usage - (parts['inactive_file'] ?? parts['total_inactive_file'] ?? 0);
    }),
  );
  return used.reduce((sum, one) => sum + one, 0);
}

function readOr(place: string): string {
  try {
    return readFileSync(place, 'utf8');
  } catch {
    return '';
  }
}

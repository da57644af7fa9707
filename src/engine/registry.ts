import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type Docker from 'dockerode';
import { explainOutput } from './failures.ts';
import { imageExists } from './images/inspect.ts';
import { pull } from './images/pull.ts';

/** The official image, the one part of a lab that is not built from Debian. */
export const grafanaImage = 'grafana/grafana:11.6.0';

export type Availability = { status: 'present' } | { status: 'pulled' } | { status: 'unavailable'; reason: string };

interface Refusal {
  at: number;
  reason: string;
}

const hourMs = 3_600_000;

/**
 * Makes an image that a lab can do without available, if a registry answers in time. A refusal is remembered for an
 * hour in `<home>/.cache/registry.json`, so that it costs nothing the next time; a dot keeps it apart from projects.
 * @param deadlineMs until the first byte of progress; after that the pull may last as long as it moves
 */
export async function pullOptional(
  docker: Docker,
  reference: string,
  {
    home,
    deadlineMs = 8000,
    now = Date.now(),
    signal,
    onProgress,
  }: {
    home: string;
    deadlineMs?: number;
    now?: number;
    signal?: AbortSignal | undefined;
    onProgress?: (detail: string) => void;
  },
): Promise<Availability> {
  if (await imageExists(docker, reference)) return { status: 'present' };
  const file = join(home, '.cache', 'registry.json');
  const refusals = await readRefusals(file);
  const known = refusals[reference];
  if (known && now - known.at >= 0 && now - known.at < hourMs) return { status: 'unavailable', reason: known.reason };
  try {
    await pull(docker, reference, { deadlineMs, signal, onProgress });
    return { status: 'pulled' };
  } catch (error) {
    signal?.throwIfAborted();
    const text = error instanceof Error ? error.message : String(error);
    const { message } = explainOutput(text, { code: 'PULL_FAILED', message: text.split('\n', 1)[0] ?? text });
    await writeRefusals(file, { ...refusals, [reference]: { at: now, reason: message } });
    return { status: 'unavailable', reason: message };
  }
}

async function readRefusals(file: string): Promise<Record<string, Refusal>> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, Refusal>;
  } catch {
    // Not there, or cut off by a crash: it is only a memory.
    return {};
  }
}

async function writeRefusals(file: string, refusals: Record<string, Refusal>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${JSON.stringify(refusals, undefined, 2)}\n`);
  await rename(fresh, file);
}

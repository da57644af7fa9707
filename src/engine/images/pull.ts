import type Docker from 'dockerode';
import { followMessages } from './stream.ts';

/** Silence that ends a pull which had begun. */
const stallMs = 60_000;

/**
 * Pulls an image.
 * @param deadlineMs until the registry has given the manifest; after that it may last as long as it moves
 * @throws Error in the engine's words, or that nothing came in time
 */
export async function pull(
  docker: Docker,
  reference: string,
  {
    deadlineMs,
    signal,
    onProgress,
  }: {
    deadlineMs: number;
    signal?: AbortSignal | undefined;
    onProgress?: ((detail: string) => void) | undefined;
  },
): Promise<void> {
  const late = new AbortController();
  const expire = (ms: number): NodeJS.Timeout =>
    setTimeout(() => late.abort(new Error(`Nothing came from the registry of ${reference} for ${ms / 1000} s.`)), ms);
  let timer = expire(deadlineMs);
  const abortSignal = signal ? AbortSignal.any([signal, late.signal]) : late.signal;
  try {
    const stream = await docker.createImage({ fromImage: reference, abortSignal });
    await followMessages(docker, stream, ({ status, id }) => {
      clearTimeout(timer);
      timer = expire(stallMs);
      if (status !== undefined) onProgress?.(id === undefined ? status : `${id}: ${status}`);
    });
  } catch (error) {
    abortSignal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The longest that any single operation may take, in milliseconds. */
export const longestTimeoutMs = 60_000;

/** The largest body or output that an operation keeps, in bytes. */
export const mostBytes = 1024 * 1024;

/** A timeout in milliseconds between 1 and `longestTimeoutMs`. */
export function boundedTimeout(timeoutMs: number | undefined, otherwise: number): number {
  return Math.min(Math.max(1, timeoutMs ?? otherwise), longestTimeoutMs);
}

/** A number of bytes between 0 and `mostBytes`. */
export function boundedBytes(bytes: number | undefined, otherwise: number): number {
  return Math.min(Math.max(0, bytes ?? otherwise), mostBytes);
}

/** Runs `work` over `items`, at most `width` at a time, and keeps their order. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(items.length);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const index = next++;
      results[index] = await work(items[index] as T, index);
    }
  };
  await Promise.all(Array.from({ length: Math.min(Math.max(1, width), items.length) }, worker));
  return results;
}

/**
 * Waits at most `milliseconds` for `work`. When it is late the returned promise rejects, and what `work`
 * still brings is handed to `late`.
 */
export async function withDeadline<T>(work: Promise<T>, milliseconds: number, late: (value: T) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let expired = false;
  const expiry = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      expired = true;
      reject(new Error(`no answer within ${milliseconds} ms`));
    }, milliseconds);
  });
  work.then(
    (value) => {
      if (expired) late(value);
    },
    () => undefined,
  );
  try {
    return await Promise.race([work, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** What went wrong on the wire, in a form that survives JSON. */
export interface WireFailure {
  /** Node's or OpenSSL's code, for example `ECONNREFUSED`, or `TIMEOUT` for ours. */
  code: string;
  message: string;
}

export function wireFailure(error: unknown): WireFailure {
  if (!(error instanceof Error)) return { code: 'UNKNOWN', message: String(error) };
  const { code } = error as NodeJS.ErrnoException;
  return { code: typeof code === 'string' ? code : error.name, message: error.message };
}

/** An error with a code, as Node's own have. */
export function codedError(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

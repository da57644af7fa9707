/** An answer other than success, in the words a client needs to mend its request. */
export class HttpError extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;

  /** @param code a short stable name, such as `message_too_long` */
  constructor(
    status: 400 | 404 | 405 | 413 | 415 | 503,
    code: string,
    message: string,
    options: { headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'HttpError';
    this.status = status;
    this.code = code;
    this.headers = options.headers ?? {};
  }
}

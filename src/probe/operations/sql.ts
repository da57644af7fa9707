import net from 'node:net';
import { createConnection, type ConnectionOptions, type FieldPacket } from 'mysql2/promise';
import { boundedTimeout } from './bounds.ts';
import { wireFailure } from './failure.ts';
import type { Identity } from './identity.ts';
import { localAddressOf } from './local-address.ts';

export interface SqlRequest {
  host: string;
  port?: number;
  localAddress?: string;
  user: string;
  password?: string;
  /** `false` speaks in the clear; otherwise TLS, believing `ca` (PEM) unless `verify` is false. */
  tls: { ca?: string; verify?: boolean; identity?: Identity } | false;
  database?: string;
  /** Run one after the other over one connection, each whatever became of those before. */
  statements: readonly string[];
  /** For connecting, and again for each statement; default 5000. */
  timeoutMs?: number;
  /** Rows kept of each result; default 1000. */
  maxRows?: number;
}

export interface SqlRows {
  ok: true;
  rows: Record<string, unknown>[];
  affectedRows: number;
}

export interface SqlError {
  ok: false;
  error: {
    /** For example `ER_ACCESS_DENIED_ERROR` or `ECONNREFUSED`. */
    code: string;
    /** MySQL's number, for example 1045; 0 when it is not MySQL's error. */
    errno: number;
    message: string;
    /** The connection itself did not come about. */
    atConnect: boolean;
  };
}

export type SqlOutcome = SqlRows | SqlError;

/** Runs statements and gives one outcome for each; when no connection comes about, each has that error. */
export async function sql(request: SqlRequest): Promise<SqlOutcome[]> {
  const timeout = boundedTimeout(request.timeoutMs, 5000);
  let connection;
  try {
    connection = await createConnection(connectionOptions(request, timeout));
  } catch (error) {
    return request.statements.map(() => sqlError(error, true));
  }
  // Without a listener a connection lost between statements would end the process.
  connection.on('error', () => undefined);
  const outcomes: SqlOutcome[] = [];
  try {
    for (const statement of request.statements) {
      outcomes.push(
        await connection.query({ sql: statement, timeout }).then(
          (result) => sqlRows(result as [unknown, FieldPacket[]], request.maxRows ?? 1000),
          (error: unknown) => sqlError(error, false),
        ),
      );
    }
    return outcomes;
  } finally {
    connection.destroy();
  }
}

function connectionOptions(request: SqlRequest, connectTimeout: number): ConnectionOptions {
  const { host, port = 3306 } = request;
  return {
    host,
    port,
    stream: () => net.connect({ host, port, ...localAddressOf(request) }).setNoDelay(true),
    user: request.user,
    password: request.password ?? '',
    connectTimeout,
    supportBigNumbers: true,
    dateStrings: true,
    ...(request.database === undefined ? {} : { database: request.database }),
    ...(request.tls === false
      ? {}
      : {
          ssl: {
            rejectUnauthorized: request.tls.verify ?? true,
            // An address is dialled, so the name in the certificate cannot be compared with it.
            verifyIdentity: false,
            ...(request.tls.ca === undefined ? {} : { ca: request.tls.ca }),
            ...request.tls.identity,
          },
        }),
  };
}

function sqlRows([result]: [unknown, FieldPacket[]], maxRows: number): SqlRows {
  if (Array.isArray(result)) {
    return { ok: true, rows: result.slice(0, maxRows) as Record<string, unknown>[], affectedRows: 0 };
  }
  return { ok: true, rows: [], affectedRows: (result as { affectedRows?: number } | undefined)?.affectedRows ?? 0 };
}

function sqlError(error: unknown, atConnect: boolean): SqlError {
  const { errno } = error as { errno?: number };
  const number = typeof errno === 'number' && errno > 0 ? errno : 0;
  return { ok: false, error: { ...wireFailure(error), errno: number, atConnect } };
}

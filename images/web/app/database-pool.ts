import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { createPool, type Pool, type PoolConnection } from 'mysql2';
import type { QueryResult } from 'mysql2/promise';
import type { DatabaseConfig } from './config.ts';
import { withDeadline } from './deadline.ts';
import { HttpError } from './http-error.ts';
import { log } from './log.ts';
import type { DatabaseMetrics } from './metrics.ts';

export type Role = 'primary' | 'replica';

const connectionLimit = 5;
/** Requests that may wait for a connection; more are refused at once rather than piled up. */
const queueLimit = 100;
/** TCP, TLS and logging in; generous, since two busy processors may run a whole lab. */
const connectMs = 1200;
/** Longest wait for a connection, be it new or another request’s: the outside probe waits two seconds for an answer. */
const borrowMs = 1400;

/**
 * Connections to one database, over TLS. None is opened before it is asked for, so a database that is not
 * there delays nothing; one that comes back is used at the next query.
 */
export class DatabasePool {
  readonly #role: Role;
  readonly #pool: Pool;
  readonly #metrics: DatabaseMetrics;
  readonly #open = new Set<PoolConnection>();
  readonly #idle = new Set<PoolConnection>();
  #waiting = 0;
  #reachable: boolean | undefined;

  constructor(role: Role, config: DatabaseConfig, metrics: DatabaseMetrics) {
    this.#role = role;
    this.#metrics = metrics;
    this.#pool = createPool({
      ...config[role],
      user: config.user,
      password: config.password,
      database: config.name,
      charset: 'utf8mb4',
      ssl: {
        ca: config.ca,
        ...config.identity,
        rejectUnauthorized: true,
        verifyIdentity: true,
        minVersion: 'TLSv1.2',
      },
      connectionLimit,
      queueLimit,
      connectTimeout: connectMs,
      enableKeepAlive: true,
      keepAliveInitialDelay: 10_000,
    });
    this.#watchConnections();
    metrics.watchPool(role, () => ({
      idle: this.#idle.size,
      inUse: this.#open.size - this.#idle.size,
      waiting: this.#waiting,
    }));
  }

  /**
   * Runs one statement, and again when its connection turns out to have died unseen. Throws 503 when the database does not
   * answer it within `milliseconds`, or refuses it.
   */
  async query<T extends QueryResult>(
    sql: string,
    values: readonly unknown[],
    { milliseconds }: { milliseconds: number },
  ): Promise<T> {
    const observe = this.#metrics.startQuery(this.#role);
    const attempt = async (): Promise<T> => this.#run<T>(await this.#borrow(), sql, values, milliseconds);
    try {
      const result = await attempt().catch((error: unknown) => {
        if (error instanceof BrokenConnection) return attempt();
        throw error;
      });
      this.#became(true);
      observe('ok');
      return result;
    } catch (cause) {
      this.#became(false, cause);
      observe('error');
      throw new HttpError(503, 'database_unavailable', `The ${this.#role} database does not answer.`, { cause });
    }
  }

  async close(): Promise<void> {
    await this.#pool.promise().end();
  }

  async #borrow(): Promise<PoolConnection> {
    this.#waiting += 1;
    try {
      const connection = promisify(this.#pool.getConnection.bind(this.#pool))();
      return await withDeadline(connection, borrowMs, (late) => late.release());
    } finally {
      this.#waiting -= 1;
    }
  }

  async #run<T extends QueryResult>(
    connection: PoolConnection,
    sql: string,
    values: readonly unknown[],
    timeout: number,
  ): Promise<T> {
    try {
      const [result] = await connection.promise().query<T>({ sql, values: [...values], timeout });
      connection.release();
      return result;
    } catch (error) {
      this.#discard(connection);
      if (refusedByServer(error)) throw error;
      this.#dropIdle();
      throw new BrokenConnection(error);
    }
  }

  /** Where one connection broke without a goodbye, as when a firewall forgot it, the idle ones broke too. */
  #dropIdle(): void {
    for (const connection of this.#idle) this.#discard(connection);
  }

  /** mysql2's own `destroy` waits for a goodbye that may never come; the socket would be held for minutes. */
  #discard(connection: PoolConnection): void {
    this.#forget(connection);
    connection.destroy();
    const stream: unknown = Reflect.get(connection, 'stream');
    if (stream instanceof Duplex) stream.destroy();
  }

  #forget(connection: PoolConnection): void {
    this.#open.delete(connection);
    this.#idle.delete(connection);
  }

  #watchConnections(): void {
    this.#pool.on('connection', (connection) => {
      this.#open.add(connection);
      connection.once('end', () => this.#forget(connection));
      // Every time: mysql2 may report a broken connection more than once, and an unheard error ends the process.
      connection.on('error', () => this.#forget(connection));
    });
    this.#pool.on('acquire', (connection) => this.#idle.delete(connection));
    this.#pool.on('release', (connection) => this.#idle.add(connection));
  }

  /** Says once that a database went away or came back, not at every query. */
  #became(reachable: boolean, cause?: unknown): void {
    if (this.#reachable === reachable) return;
    this.#reachable = reachable;
    if (reachable) log('info', `the ${this.#role} database answers`);
    else log('warning', `the ${this.#role} database does not answer`, { reason: reason(cause) });
  }
}

/** A connection that was open did not carry a statement to its answer. */
class BrokenConnection extends Error {
  constructor(cause: unknown) {
    super(reason(cause), { cause });
  }
}

/** Only the server's own errors have an SQL state. */
function refusedByServer(error: unknown): boolean {
  return error instanceof Error && 'sqlState' in error;
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message === '' && 'code' in cause ? String(cause.code) : cause.message;
}

import type { ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import type { DatabaseConfig } from './config.ts';
import { DatabasePool, type Role } from './database-pool.ts';
import { HttpError } from './http-error.ts';
import type { DatabaseMetrics } from './metrics.ts';

const reading = { milliseconds: 1000 };
/** A semisynchronous commit waits for the replica, so it may take longer than a read. */
const writing = { milliseconds: 3000 };

/**
 * Writes go to the primary and reads to its replica. Methods throw 503 when the database does not answer. Both are tried again
 * when their connection turns out to have died unseen, so a write must be one that changes nothing the second time.
 */
export interface Database {
  read<T extends RowDataPacket[]>(sql: string, values: readonly unknown[]): Promise<T>;
  write(sql: string, values: readonly unknown[]): Promise<ResultSetHeader>;
  reachable(): Promise<Record<Role, boolean>>;
  close(): Promise<void>;
}

export function openDatabase(config: DatabaseConfig, metrics: DatabaseMetrics): Database {
  const primary = new DatabasePool('primary', config, metrics);
  const replica = new DatabasePool('replica', config, metrics);
  return {
    read: (sql, values) => replica.query(sql, values, reading),
    write: (sql, values) => primary.query<ResultSetHeader>(sql, values, writing),
    async reachable() {
      const [first, second] = await Promise.all([answers(primary), answers(replica)]);
      return { primary: first, replica: second };
    },
    async close() {
      await Promise.all([primary.close(), replica.close()]);
    },
  };
}

async function answers(pool: DatabasePool): Promise<boolean> {
  try {
    await pool.query('SELECT 1', [], reading);
    return true;
  } catch (error) {
    if (error instanceof HttpError) return false;
    throw error;
  }
}

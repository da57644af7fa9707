import type { RowDataPacket } from 'mysql2/promise';
import type { Database } from './database.ts';

export interface Message {
  id: number;
  body: string;
  /** The server that took it. */
  server: string;
  /** ISO 8601, UTC, to the millisecond. */
  createdAt: string;
}

export interface Messages {
  /** Writes through the primary and returns what was written; the same request, sent again, writes nothing new. */
  add(body: string, server: string, request: string): Promise<Message>;
  /** The newest messages first, as the replica has them. */
  latest(limit: number): Promise<Message[]>;
  find(id: number): Promise<Message | undefined>;
}

interface Row extends RowDataPacket {
  id: number;
  body: string;
  server: string;
  created: string;
}

// Seconds since 1970 go both ways, so that no session's time zone can shift them.
const select = 'SELECT id, body, server, UNIX_TIMESTAMP(created_at) AS created FROM messages';

/** The messages in `database`. Every method throws 503 when the database it needs does not answer. */
export function messagesIn(database: Database): Messages {
  return {
    async add(body, server, request) {
      const now = new Date();
      const result = await database.write(
        `INSERT INTO messages (body, server, created_at, request) VALUES (?, ?, FROM_UNIXTIME(?), ?)
         ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id)`,
        [body, server, now.getTime() / 1000, request],
      );
      return { id: result.insertId, body, server, createdAt: now.toISOString() };
    },
    async latest(limit) {
      const rows = await database.read<Row[]>(`${select} ORDER BY id DESC LIMIT ?`, [limit]);
      return rows.map(message);
    },
    async find(id) {
      const [row] = await database.read<Row[]>(`${select} WHERE id = ?`, [id]);
      return row === undefined ? undefined : message(row);
    },
  };
}

function message({ id, body, server, created }: Row): Message {
  return { id, body, server, createdAt: new Date(Math.round(Number(created) * 1000)).toISOString() };
}

import { createServer, type Server } from 'node:http';
import { apiRoutes } from './api.ts';
import type { AppConfig } from './config.ts';
import { openDatabase, type Database } from './database.ts';
import { healthRoutes } from './health.ts';
import { createListener } from './listener.ts';
import { messagesIn } from './messages.ts';
import { createMetrics } from './metrics.ts';
import { operationsRoutes } from './operations.ts';
import { pageRoutes } from './pages.ts';

export interface Application {
  /** What visitors get, through Nginx. */
  site: Server;
  /** What operators get. */
  operations: Server;
  database: Database;
}

/** Puts the application together; nothing listens and no database is asked yet. */
export function createApplication(server: string, config: AppConfig): Application {
  const metrics = createMetrics(server);
  const database = openDatabase(config.database, metrics);
  const messages = messagesIn(database);
  const health = healthRoutes(database);
  const site = createServer(
    createListener(server, [...pageRoutes(server, messages), ...apiRoutes(server, messages), ...health], metrics),
  );
  // Longer than Nginx keeps an idle connection, so that it is never Nginx that finds one closed.
  site.keepAliveTimeout = 75_000;
  site.requestTimeout = 15_000;
  const operations = createServer(createListener(server, [...operationsRoutes(metrics), ...health]));
  return { site, operations, database };
}

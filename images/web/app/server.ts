import { once } from 'node:events';
import type { Server } from 'node:http';
import { hostname } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { createApplication, type Application } from './application.ts';
import { loadConfig, operationsEndpoint, siteEndpoint, type Endpoint } from './config.ts';
import { log } from './log.ts';

/** Nginx ends its own requests during this time; the engine kills after two seconds. */
const drainMs = 300;
const stopMs = 1200;

async function main(): Promise<void> {
  const application = createApplication(hostname(), loadConfig(process.argv[2] ?? '/etc/lab/app.json'));
  process.once('SIGTERM', () => void stop(application));
  process.once('SIGINT', () => void stop(application));
  await Promise.all([listen(application.operations, operationsEndpoint), listen(application.site, siteEndpoint)]);
  log('info', 'listening', { site: siteEndpoint, operations: operationsEndpoint });
}

async function listen(server: Server, { host, port }: Endpoint): Promise<void> {
  server.listen(port, host);
  await once(server, 'listening');
}

async function stop({ site, operations, database }: Application): Promise<void> {
  log('info', 'stopping');
  setTimeout(() => process.exit(0), stopMs).unref();
  await delay(drainMs);
  await Promise.all([closed(site), closed(operations)]);
  await database.close();
  process.exit(0);
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

main().catch((error: unknown) => {
  log('error', 'the application cannot start', { reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});

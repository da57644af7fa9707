import type { Database } from './database.ts';
import { json } from './reply.ts';
import type { Route } from './router.ts';

/** Liveness needs no database; readiness asks both. */
export function healthRoutes(database: Database): Route[] {
  return [
    { method: 'GET', path: '/healthz', handle: () => json(200, { status: 'ok' }) },
    {
      method: 'GET',
      path: '/readyz',
      async handle() {
        const reachable = await database.reachable();
        const ready = reachable.primary && reachable.replica;
        return json(ready ? 200 : 503, { status: ready ? 'ok' : 'unavailable', ...reachable });
      },
    },
  ];
}

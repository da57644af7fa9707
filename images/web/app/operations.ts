import type { Metrics } from './metrics.ts';
import type { Route } from './router.ts';

/** What Prometheus asks for, on a port that visitors cannot reach. */
export function operationsRoutes(metrics: Metrics): Route[] {
  return [
    {
      method: 'GET',
      path: '/metrics',
      handle: async () => ({
        status: 200,
        headers: { 'Content-Type': metrics.contentType },
        body: await metrics.text(),
      }),
    },
  ];
}

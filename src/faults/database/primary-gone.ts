import { servicesOf } from '../../checks/services.ts';
import { containerState } from '../changes/container.ts';
import { database, isGroup } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const primaryGone: Fault = {
  name: 'database-primary-gone',
  part: 'database',
  title: 'The primary is gone',
  difficulty: 1,
  visitor: 'Messages can be read, and not written: 503.',
  felt: true,
  checks: [
    'balancing.site-answers',
    'servers.application-ready',
    'database.replication-running',
    'database.reachable',
    'monitoring.targets-up',
  ],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: ['Reading works, writing does not.', 'Who takes the writes?', '`lab status`: db-primary does not run.'],
  needs: ['database', 'web'],
  // On a server with everything on it more is gone: server-gone.
  fits: (plan) => !isGroup(plan) && servicesOf(plan, 'server').length === 0,
  changes: (plan) => [containerState(database(plan, 'primary').name, 'killed')],
};

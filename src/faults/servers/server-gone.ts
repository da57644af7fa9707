import { containerState } from '../changes/container.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const serverGone: Fault = {
  name: 'server-gone',
  part: 'servers',
  title: 'A server is gone, as with a power cut',
  difficulty: 1,
  visitor: 'Nothing, if a balancer leaves that server out. Without one there is no site.',
  felt: false,
  checks: [
    'balancing.all-servers-answer',
    'balancing.servers-up',
    'servers.site-answers',
    'servers.static-files',
    'servers.application-ready',
    'monitoring.targets-up',
  ],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: ['Does everybody answer who should?', 'Look at `lab status`.', 'The last of the servers does not run.'],
  needs: ['web'],
  changes: (plan) => [containerState(lastServer(plan).name, 'killed')],
};

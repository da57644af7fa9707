import { servicesOf } from '../../checks/services.ts';
import { containerState } from '../changes/container.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const serverGone: Fault = {
  name: 'server-gone',
  part: 'servers',
  title: 'One server is gone, as with a power cut',
  difficulty: 1,
  visitor: 'Nothing: the balancer leaves that server out.',
  felt: false,
  checks: [
    'balancing.all-servers-answer',
    'balancing.servers-up',
    'servers.static-files',
    'servers.application-ready',
    'monitoring.targets-up',
  ],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: ['How many servers answer?', 'Look at `lab status`.', 'web3 does not run.'],
  needs: ['web'],
  fits: (plan) => servicesOf(plan, 'web').length > 1,
  changes: (plan) => [containerState(lastServer(plan).name, 'killed')],
};

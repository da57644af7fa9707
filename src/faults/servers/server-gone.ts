import { serviceOf, servicesOf } from '../../checks/services.ts';
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
  checks: ['balancing.all-servers-answer', 'balancing.servers-up', 'servers.static-files', 'servers.application-ready'],
  alert: { name: 'ServerDown', withinSeconds: 20 },
  hints: ['How many servers answer?', 'Look at `lab status`.', 'web3 does not run.'],
  needs: ['web'],
  // With monitoring, what its loss does there would have to be declared as well.
  fits: (plan) => servicesOf(plan, 'web').length > 1 && serviceOf(plan, 'prometheus') === undefined,
  changes: (plan) => [containerState(lastServer(plan).name, 'killed')],
};

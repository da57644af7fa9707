import { processState } from '../changes/process.ts';
import { lastOf } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const nginxStopped: Fault = {
  name: 'server-nginx-stopped',
  part: 'servers',
  title: 'Nginx of one server is stopped',
  difficulty: 1,
  visitor: 'Nothing: the balancer leaves that server out.',
  felt: false,
  checks: [
    'balancing.all-servers-answer',
    'balancing.servers-up',
    'servers.site-answers',
    'servers.static-files',
    'servers.application-ready',
    'monitoring.server-clients',
  ],
  alert: { name: 'NginxDown', withinSeconds: 20 },
  hints: [
    'How many servers answer?',
    'The container runs. Which of its processes does not?',
    '`lab shell web3 -- s6-svstat /run/service/nginx`.',
  ],
  needs: ['web'],
  fits: (plan) => lastOf(plan, 'nginx-node') !== undefined,
  changes: (plan) => [processState(lastOf(plan, 'nginx-node')?.name ?? '', 'nginx', 'stopped')],
};

import { processState } from '../changes/process.ts';
import { lastServer } from '../cast.ts';
import type { Fault } from '../fault.ts';

export const applicationHung: Fault = {
  name: 'server-application-hung',
  part: 'servers',
  title: 'The application of one server hangs: its port accepts, and nobody answers',
  difficulty: 2,
  visitor: 'At most one slow answer: the balancer leaves that server out.',
  felt: false,
  checks: [
    'balancing.all-servers-answer',
    'balancing.servers-up',
    'servers.site-answers',
    'servers.application-ready',
    'monitoring.targets-up',
  ],
  alert: { name: 'ApplicationDown', withinSeconds: 20 },
  hints: [
    'How many servers answer?',
    'Port 3000 of that server can be opened. And then?',
    'A stopped process (state T) keeps its sockets: look at /proc/*/status, or try `s6-svstat`.',
  ],
  needs: ['web'],
  changes: (plan) => [processState(lastServer(plan).name, 'app', 'frozen')],
};

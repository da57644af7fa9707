import { balancing } from '../changes/balancing.ts';
import { lastServer } from '../cast.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const serverOut: Fault = {
  name: 'balancer-server-out',
  part: 'balancer',
  title: 'One server gets no requests',
  difficulty: 1,
  visitor: 'Nothing, as long as the other servers are enough.',
  felt: false,
  checks: [
    'balancing.all-servers-answer',
    'balancing.servers-up',
    'balancing.returns-to-rotation',
    'hardening.configuration-intact',
  ],
  alert: { name: 'BackendServerOutOfRotation', withinSeconds: 20 },
  hints: [
    'Reload the page a few times: who answers?',
    'The server itself is well. What does the balancer think of it?',
    'Look at /stats, and at the server’s line in haproxy.cfg.',
  ],
  needs: ['balancer', 'web'],
  changes: (plan) => balancing(plan, replace(new RegExp(`^  server ${lastServer(plan).name} .*`, 'm'), `$& disabled`)),
};

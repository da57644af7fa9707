import { isMutual } from '../../plan/inside.ts';
import { balancing } from '../changes/balancing.ts';
import { replace } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const insideUnverified: Fault = {
  name: 'tls-inside-unverified',
  part: 'tls',
  title: 'The balancer no longer looks at the servers’ certificates',
  difficulty: 3,
  visitor: 'Nothing.',
  felt: false,
  checks: ['tls.balancer-verifies-servers', 'hardening.configuration-intact'],
  alert: { name: 'FileIntegrity', withinSeconds: 60 },
  hints: [
    'Everything is encrypted. Is it known to whom?',
    'What would the balancer do with a server that shows a certificate of its own making?',
    '`verify none` on the server lines of haproxy.cfg.',
  ],
  needs: ['balancer', 'web'],
  fits: (plan) => isMutual(plan.lab),
  changes: (plan) => balancing(plan, replace(/ verify required .* verifyhost \S+/g, ' verify none')),
};

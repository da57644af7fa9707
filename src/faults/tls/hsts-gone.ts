import { isSecure } from '../../plan/site.ts';
import { balancing } from '../changes/balancing.ts';
import { without } from '../edit.ts';
import type { Fault } from '../fault.ts';

export const hstsGone: Fault = {
  name: 'tls-hsts-gone',
  part: 'tls',
  title: 'Answers no longer ask for HTTPS from now on (HSTS)',
  difficulty: 2,
  visitor: 'Nothing.',
  felt: false,
  checks: ['tls.hsts', 'hardening.configuration-intact'],
  alert: { name: 'HstsMissing', withinSeconds: 25 },
  hints: [
    'The site works. Read the headers of an answer.',
    'One header makes browsers come by HTTPS the next time.',
    'Strict-Transport-Security is missing: see haproxy.cfg, http-after-response.',
  ],
  needs: ['balancer'],
  fits: (plan) => isSecure(plan.lab),
  changes: (plan) => balancing(plan, without(/Strict-Transport-Security/)),
};
